import { roleMay } from '@claimstead/wire/cloud-api/roles';
import type { SpaceView } from '@claimstead/wire/cloud-api/spaces';
import { Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import {
  Bell,
  ChevronsUpDown,
  LayoutGrid,
  PencilLine,
  Plus,
  Rows3,
  ScrollText,
  ServerCog,
  Webhook,
} from 'lucide-react';
import { useState } from 'react';
import { spacesQuery } from '../api/queries.ts';
import { paths } from '../paths.ts';
import { words } from '../words.ts';
import { RenameSpaceModal } from './RenameSpace.tsx';
import styles from './SpaceMenu.module.css';

/** The drop-down that bears the Space's name: its pages, and the other Spaces. Administrators see what only they may do. */
export function SpaceMenu({ space }: { space: SpaceView }) {
  const navigate = useNavigate();
  const { data: spaces } = useQuery(spacesQuery);
  const [isRenameOpen, setIsRenameOpen] = useState(false);
  const others = spaces?.filter(({ id }) => id !== space.id) ?? [];
  const isAdmin = space.role === 'admin';
  const icon = { size: 16, 'aria-hidden': true } as const;
  return (
    <>
      <Menu position="bottom-start" width={248}>
        <Menu.Target>
          <button type="button" className={styles.trigger} title={words.space.menu(space.name)}>
            <span className="given-line">{space.name}</span>
            <ChevronsUpDown size={15} aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<LayoutGrid {...icon} />} onClick={() => void navigate(paths.nodes(space.id))}>
            {words.space.nodes}
          </Menu.Item>
          <Menu.Item leftSection={<Bell {...icon} />} onClick={() => void navigate(paths.alerts(space.id))}>
            {words.alert.title}
          </Menu.Item>
          {isAdmin && (
            <>
              <Menu.Item
                leftSection={<ServerCog {...icon} />}
                onClick={() => void navigate(paths.manageNodes(space.id))}
              >
                {words.space.manage}
              </Menu.Item>
              <Menu.Item leftSection={<Rows3 {...icon} />} onClick={() => void navigate(paths.rooms(space.id))}>
                {words.space.rooms}
              </Menu.Item>
              <Menu.Item leftSection={<Plus {...icon} />} onClick={() => void navigate(paths.addNodes(space.id))}>
                {words.claim.button}
              </Menu.Item>
              <Menu.Divider />
              <Menu.Item leftSection={<PencilLine {...icon} />} onClick={() => setIsRenameOpen(true)}>
                {words.space.rename}
              </Menu.Item>
            </>
          )}
          {roleMay(space.role, 'see-audit') && (
            <Menu.Item leftSection={<ScrollText {...icon} />} onClick={() => void navigate(paths.audit(space.id))}>
              {words.space.audit}
            </Menu.Item>
          )}
          {roleMay(space.role, 'manage-space') && (
            <Menu.Item leftSection={<Webhook {...icon} />} onClick={() => void navigate(paths.webhooks(space.id))}>
              {words.space.webhooks}
            </Menu.Item>
          )}
          {others.length > 0 && (
            <>
              <Menu.Divider />
              <Menu.Label>{words.space.switchTo}</Menu.Label>
              {others.map(({ id, name }) => (
                <Menu.Item key={id} onClick={() => void navigate(paths.nodes(id))}>
                  <span className="given-line">{name}</span>
                </Menu.Item>
              ))}
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {isRenameOpen && <RenameSpaceModal space={space} onClose={() => setIsRenameOpen(false)} />}
    </>
  );
}
