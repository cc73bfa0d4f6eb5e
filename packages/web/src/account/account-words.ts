// Texts of the account page, the second step of a sign-in and the page of a reset. They stand apart from src/words.ts so that the first page
// loads few of them.

import type { Role } from '@claimstead/wire/cloud-api/roles';

const count = (n: number, one: string, many: string): string => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

export const accountWords = {
  title: 'Your account',
  password: 'Your password',
  goOn: 'Continue',
  done: 'Done',

  profile: {
    title: 'Profile',
    email: 'E-mail address',
    /** Nobody changes their own: by it people are invited and known at an issuer. */
    emailHint: (email: string): string =>
      `${email.endsWith('@localhost') ? 'Letters do not reach it. ' : ''}Whoever operates the Cloud changes it: claimstead admin account change-email`,
    name: 'Name',
    nameHint: 'What others in your Spaces see.',
    save: 'Save name',
    saved: 'The name is saved.',
  },

  changePassword: {
    title: 'Password',
    intro: 'Changing it signs you out everywhere else.',
  },

  twoStep: {
    title: 'Two-step sign-in',
    intro: 'After the password, sign-in asks for a code that an app on your phone shows.',
    on: 'On',
    off: 'Off',
    codesLeft: (left: number): string =>
      `${count(left, 'recovery code', 'recovery codes')} left for when the phone is not at hand.`,
    fewLeft: 'Make new ones before the last is used.',
    turnOn: 'Turn on',
    turnOff: 'Turn off',
    turnOffTitle: 'Turn two-step sign-in off',
    turnOffSays: 'Your password alone will sign you in. The recovery codes are void then.',
    newCodes: 'New recovery codes',
    newCodesSays: 'Ten new codes; the ones that you have now are void then.',
    setUpTitle: 'Set up two-step sign-in',
    scan: 'Scan this with an authenticator app, then type the code that it shows.',
    qr: 'QR code with the secret for the app',
    byHand: 'Or type this secret into the app:',
    code: 'Code of the app',
    codesTitle: 'Your recovery codes',
    codesSays:
      'Each signs you in once without the app. Keep them where you keep important papers, not on the phone: they are shown only now.',
    download: 'Download',
    fileName: 'claimstead-recovery-codes.txt',
  },

  passkeys: {
    title: 'Passkeys',
    intro: 'Sign in with a fingerprint, your face or a security key; no password and no code.',
    none: 'You have no passkey yet.',
    add: 'Add a passkey',
    addSays: 'Your browser asks for it next. The name is for you, to tell several apart.',
    name: 'Name of the passkey',
    nameHint: 'E.g. the device that it is on.',
    added: (ago: string): string => `added ${ago} ago`,
    used: (ago: string): string => `used ${ago} ago`,
    neverUsed: 'never used',
    remove: 'Remove',
    removeOf: (name: string): string => `Remove the passkey ${name}`,
    removeTitle: 'Remove passkey',
    removeSays: (name: string): string => `“${name}” will sign nobody in any more.`,
    removeButton: 'Remove passkey',
    needName:
      'Passkeys belong to a host name, and this Cloud is reached by an address. Its operator can give it a name with --public-url.',
    elsewhere: (host: string): string => `Passkeys work where this page is opened under ${host}.`,
    unable: 'This browser knows no passkeys.',
    gaveUp: 'The browser or the device did not go on. Try again when you are ready.',
    known: 'That device has a passkey for this account already.',
  },

  sessions: {
    title: 'Where you are signed in',
    intro: 'Something that you do not know? Sign it out and change your password.',
    unknownBrowser: 'A browser',
    unknownNetwork: 'from where, nobody wrote down',
    from: (network: string): string => `from ${network}`,
    since: (ago: string): string => `since ${ago} ago`,
    used: (ago: string): string => `last used ${ago} ago`,
    current: 'This browser',
    end: 'Sign out',
    endOf: (browser: string, network: string): string => `Sign out ${browser} ${network}`,
    others: 'Sign out everywhere else',
    all: 'Sign out everywhere',
    allTitle: 'Sign out everywhere',
    allSays: 'Every browser is signed out, this one too. API tokens go on working.',
  },

  tokens: {
    title: 'API tokens',
    intro: 'For programs and scripts: each works in one Space, with at most the role that you give it.',
    none: 'You have no API token.',
    noSpace: 'You are in no Space, so there is nothing that a token could be for.',
    make: 'Make a token',
    name: 'Name',
    nameHint: 'What uses it.',
    space: 'Space',
    role: 'At most the role',
    days: 'Good for',
    daysOf: { 1: '1 day', 7: '7 days', 30: '30 days', 90: '90 days', 365: '1 year' },
    madeTitle: 'Your new token',
    madeSays: 'Copy it now: it is shown only this once.',
    header: 'Authorization: Bearer csa_…',
    how: 'A program sends it with every request, in this header:',
    about: (space: string, role: Role): string => `${space} · ${roleNames[role]}`,
    expires: (moment: string): string => `good until ${moment}`,
    expired: 'expired',
    used: (ago: string): string => `used ${ago} ago`,
    neverUsed: 'never used',
    revoke: 'Revoke',
    revokeOf: (name: string): string => `Revoke the token ${name}`,
    revokeTitle: 'Revoke token',
    revokeSays: (name: string): string => `Whatever uses “${name}” is refused from now on.`,
    revokeButton: 'Revoke token',
    goneSpace: 'a Space that you are not in any more',
  },

  secondStep: {
    title: 'Second step',
    intro: 'Type the code that your authenticator app shows.',
    code: 'Code',
    hint: 'Without the app at hand, one of your recovery codes.',
    back: 'Begin again',
  },

  reset: {
    title: 'New password',
    intro: 'Choose a new password for your account. You are signed out everywhere then.',
    save: 'Save password',
    doneTitle: 'The new password is saved',
    done: 'Sign in with it now.',
    toSignIn: 'To the sign-in',
    noLink: 'This address lacks its last part. Open the whole link from the mail, or ask for a new one.',
    askTitle: 'Forgot your password?',
    askIntro: 'We send you a link to choose a new one. It is good for an hour.',
    ask: 'Send the link',
    sentTitle: 'Look into your mail',
    sent: 'If there is an account under this address, a link is on its way. Nothing there after some minutes? Ask your operator.',
    back: 'Back to the sign-in',
  },
};

export const roleNames: Readonly<Record<Role, string>> = {
  admin: 'Administrator',
  manager: 'Manager',
  troubleshooter: 'Troubleshooter',
  observer: 'Observer',
  member: 'Member',
};
