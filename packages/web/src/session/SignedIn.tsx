// Who is signed in: SignInPage.tsx lets in, SignedIn.tsx guards every other page, AccountMenu.tsx and ChangePassword.tsx are the account's.

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
