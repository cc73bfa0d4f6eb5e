// Who is signed in: SignInPage.tsx lets in (SecondStep.tsx, ForgotPassword.tsx and OtherWays.tsx are parts of it, use-enter.ts leads on),
// ResetPasswordPage.tsx sets a password by a link, SignedIn.tsx guards every other page, AccountMenu.tsx leads to the account (account/).

import { Outlet } from '@tanstack/react-router';
import { LiveNotice } from '../events/LiveNotice.tsx';
import { LiveProvider } from '../events/LiveProvider.tsx';

/** Around every page that needs a session: the live connection lasts exactly as long as somebody is signed in. */
export function SignedIn() {
  return (
    <LiveProvider>
      <Outlet />
      <LiveNotice />
    </LiveProvider>
  );
}
