// Texts about admission. They stand apart from src/words.ts so that the first page does not load them.

export const admissionWords = {
  title: 'Admission',
  says: 'A claimed node waits until an administrator admits it. Until then its agent is refused a link and asks again every half minute. Compare the words of its key with those that its machine shows.',
  isOn: 'Every node that is claimed anew waits for admission',
  waitingTitle: 'Waiting for admission',
  waitingSays:
    'These were claimed, and are let in when you admit them. On the machine, “netdatacli aclk-state” and the claim command show the same six words.',
  claimed: 'Claimed',
  words: 'Words of its key',
  admit: 'Admit',
  admitOf: (host: string): string => `Admit ${host}`,
} as const;
