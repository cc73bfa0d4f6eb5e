import { roleMay } from '@claimstead/wire/cloud-api/roles';
import type { SpaceView } from '@claimstead/wire/cloud-api/spaces';
import { Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import {
  Bell,
  ChevronsUpDown,
  KeyRound,
  LayoutGrid,
  LogOut,
  Plus,
  Rows3,
  ScrollText,
  ServerCog,
  Settings,
  SquarePlus,
  UsersRound,
  Webhook,
} from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { spacesQuery } from '../api/queries.ts';
import { paths } from '../paths.ts';
import { plainText } from '../ui/plain-text.ts';
import { words } from '../words.ts';
import styles from './SpaceMenu.module.css';

// Asked for when somebody opens them: the first page is small.
const NewSpace = lazy(() => import('./NewSpace.tsx').then((module) => ({ default: module.NewSpace })));
const LeaveSpace = lazy(() => import('../member/LeaveSpace.tsx').then((module) => ({ default: module.LeaveSpace })));

/** The drop-down that bears the Space's name: its pages, and the other Spaces. Everybody sees what their role may do. */
export function SpaceMenu({ space }: { space: SpaceView }) {
  const navigate = useNavigate();
  const { data: spaces } = useQuery(spacesQuery);
  const [open, setOpen] = useState<'new' | 'leave' | null>(null);
  const close = (): void => setOpen(null);
  const others = spaces?.filter(({ id }) => id !== space.id) ?? [];
  const { id, role } = space;
  const icon = { size: 16, 'aria-hidden': true } as const;
  return (
    <>
      <Menu position="bottom-start" width={248}>
        <Menu.Target>
          <button type="button" className={styles.trigger} title={words.space.menu(plainText(space.name))}>
            <span className="given-line">{plainText(space.name)}</span>
            <ChevronsUpDown size={15} aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<LayoutGrid {...icon} />} onClick={() => void navigate(paths.nodes(id))}>
            {words.space.nodes}
          </Menu.Item>
          <Menu.Item leftSection={<Bell {...icon} />} onClick={() => void navigate(paths.alerts(id))}>
            {words.alert.title}
          </Menu.Item>
          {roleMay(role, 'manage-nodes') && (
            <Menu.Item leftSection={<ServerCog {...icon} />} onClick={() => void navigate(paths.manageNodes(id))}>
              {words.space.manage}
            </Menu.Item>
          )}
          {roleMay(role, 'manage-rooms') && (
            <Menu.Item leftSection={<Rows3 {...icon} />} onClick={() => void navigate(paths.rooms(id))}>
              {words.space.rooms}
            </Menu.Item>
          )}
          {roleMay(role, 'see-members') && (
            <Menu.Item leftSection={<UsersRound {...icon} />} onClick={() => void navigate(paths.people(id))}>
              {words.space.people}
            </Menu.Item>
          )}
          {roleMay(role, 'manage-tokens') && (
            <Menu.Item leftSection={<Plus {...icon} />} onClick={() => void navigate(paths.addNodes(id))}>
              {words.claim.button}
            </Menu.Item>
          )}
          {roleMay(role, 'manage-tokens') && (
            <Menu.Item leftSection={<KeyRound {...icon} />} onClick={() => void navigate(paths.tokens(id))}>
              {words.space.tokens}
            </Menu.Item>
          )}
          {roleMay(role, 'see-audit') && (
            <Menu.Item leftSection={<ScrollText {...icon} />} onClick={() => void navigate(paths.audit(id))}>
              {words.space.audit}
            </Menu.Item>
          )}
          {roleMay(role, 'manage-space') && (
            <Menu.Item leftSection={<Webhook {...icon} />} onClick={() => void navigate(paths.webhooks(id))}>
              {words.space.webhooks}
            </Menu.Item>
          )}
          <Menu.Divider />
          {roleMay(role, 'manage-space') && (
            <Menu.Item leftSection={<Settings {...icon} />} onClick={() => void navigate(paths.spaceSettings(id))}>
              {words.space.settings}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<LogOut {...icon} />} onClick={() => setOpen('leave')}>
            {words.space.leave}
          </Menu.Item>
          <Menu.Divider />
          {others.length > 0 && <Menu.Label>{words.space.switchTo}</Menu.Label>}
          {others.map((other) => (
            <Menu.Item key={other.id} onClick={() => void navigate(paths.nodes(other.id))}>
              <span className="given-line">{plainText(other.name)}</span>
            </Menu.Item>
          ))}
          <Menu.Item leftSection={<SquarePlus {...icon} />} onClick={() => setOpen('new')}>
            {words.space.create}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Suspense>
        {open === 'new' && <NewSpace onClose={close} />}
        {open === 'leave' && <LeaveSpace space={space} onClose={close} />}
      </Suspense>
    </>
  );
}
