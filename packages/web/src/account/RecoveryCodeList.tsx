import { Download } from 'lucide-react';
import { Button } from '../ui/Button.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';
import { FormFoot, FormStack } from '../ui/Form.tsx';
import { words } from '../words.ts';
import { accountWords } from './account-words.ts';
import styles from './AccountPage.module.css';

/** Shown once: copied, downloaded or written down. */
export function RecoveryCodeList({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const text = `${codes.join('\n')}\n`;
  const download = (): void => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    link.download = accountWords.twoStep.fileName;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <FormStack>
      <p>{accountWords.twoStep.codesSays}</p>
      <ol className={styles.codes} data-testid="recovery-codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <FormFoot>
        <CopyButton text={text} words={words.shared.copy} />
        <Button size="s" icon={<Download size={15} aria-hidden />} onClick={download}>
          {accountWords.twoStep.download}
        </Button>
        <Button look="primary" size="s" onClick={onDone}>
          {accountWords.done}
        </Button>
      </FormFoot>
    </FormStack>
  );
}
