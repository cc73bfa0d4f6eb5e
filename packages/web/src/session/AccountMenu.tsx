import { Menu } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { BookOpenText, LogOut, UserCog, UserRound } from 'lucide-react';
import { Link } from '@tanstack/react-router';
import { signOut } from '../api/commands.ts';
import { keys, sessionQuery } from '../api/queries.ts';
import { paths } from '../paths.ts';
import { Segmented } from '../ui/Segmented.tsx';
import { plainText } from '../ui/plain-text.ts';
import { chooseTheme, useThemeChoice, type ThemeChoice } from '../ui/theme.ts';
import { words } from '../words.ts';
import styles from './AccountMenu.module.css';

const themes = (['system', 'light', 'dark'] as const satisfies readonly ThemeChoice[]).map((value) => ({
  value,
  label: words.session.themes[value],
}));

/** Who is signed in; the way to the account, colours, sign-out. */
export function AccountMenu() {
  const { data: session } = useQuery(sessionQuery);
  const queries = useQueryClient();
  const choice = useThemeChoice();
  const leave = useMutation({
    mutationFn: signOut,
    // Signed out or not: this browser forgets who it was; the Cloud says at the next sign-in if it disagrees.
    onSettled: () => {
      queries.setQueryData(keys.session, null);
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== keys.session[0] });
    },
  });
  if (!session) return null;
  const { email, passwordIsInitial } = session.account;
  return (
    <Menu position="bottom-end" width={264}>
      <Menu.Target>
        <button type="button" className={styles.trigger} aria-label={words.session.accountMenu(plainText(email))}>
          <UserRound size={18} aria-hidden />
          {passwordIsInitial && <span className={styles.mark} aria-hidden />}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <span className="given-line">{plainText(email)}</span>
        </Menu.Label>
        {passwordIsInitial && <p className={styles.reminder}>{words.session.initialPassword}</p>}
        <Menu.Item component={Link} {...paths.account()} leftSection={<UserCog size={16} aria-hidden />}>
          {words.session.account}
        </Menu.Item>
        <Menu.Item component="a" href="/api-docs" leftSection={<BookOpenText size={16} aria-hidden />}>
          {words.session.api}
        </Menu.Item>
        <Menu.Item leftSection={<LogOut size={16} aria-hidden />} onClick={() => leave.mutate()}>
          {words.session.signOut}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{words.session.colours}</Menu.Label>
        <div className={styles.themes}>
          <Segmented label={words.session.colours} value={choice} options={themes} onChange={chooseTheme} />
        </div>
      </Menu.Dropdown>
    </Menu>
  );
}
