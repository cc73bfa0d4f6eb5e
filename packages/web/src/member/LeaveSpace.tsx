import type { SpaceView } from '@claimstead/wire/cloud-api/spaces';
import { useNavigate } from '@tanstack/react-router';
import { wordsOf } from '../api/error-words.ts';
import { paths } from '../paths.ts';
import { ConfirmModal } from '../ui/ConfirmModal.tsx';
import { plainText } from '../ui/plain-text.ts';
import { useLeaveSpace } from './member-queries.ts';
import { memberWords } from './member-words.ts';

/** Asks, then leaves the Space and goes to another one, or to where one can be made. */
export function LeaveSpace({ space, onClose }: { space: SpaceView; onClose: () => void }) {
  const navigate = useNavigate();
  const leave = useLeaveSpace(space.id, () => {
    onClose();
    void navigate(paths.start());
  });
  return (
    <ConfirmModal
      title={memberWords.leaveTitle}
      confirmLabel={memberWords.leaveButton}
      isBusy={leave.isPending}
      failure={leave.error ? wordsOf(leave.error) : null}
      onConfirm={() => leave.mutate()}
      onClose={onClose}
    >
      <p className="given">{memberWords.leaveSays(plainText(space.name))}</p>
    </ConfirmModal>
  );
}
