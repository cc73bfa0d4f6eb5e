// The page of one's own account. Reading order: AccountPage.tsx, Section.tsx (what its parts look like), then a file for each part;
// AskPassword.tsx asks for the password again; passkey-browser.ts speaks to the authenticator.

import { useTitle } from '../ui/use-title.ts';
import { accountWords } from './account-words.ts';
import { ApiTokens } from './ApiTokens.tsx';
import { Passkeys } from './Passkeys.tsx';
import { Password } from './Password.tsx';
import { Profile } from './Profile.tsx';
import { Sessions } from './Sessions.tsx';
import { TwoStep } from './TwoStep.tsx';
import styles from './AccountPage.module.css';

export function AccountPage() {
  useTitle(accountWords.title);
  return (
    <div className={styles.page}>
      <h1>{accountWords.title}</h1>
      <Profile />
      <Password />
      <TwoStep />
      <Passkeys />
      <Sessions />
      <ApiTokens />
    </div>
  );
}
