// Texts of the page of the audit; what each kind of row says comes from the Cloud.

export const auditWords = {
  title: 'Audit',
  intro:
    'Who decided what in this Space, newest first. Rows are only ever added; each is chained to the one before it. Sign-ins belong to no Space: whoever operates the Cloud reads them with “claimstead admin audit”.',
  onlyAdmins: 'Only administrators of the Space see its audit.',
  find: 'Find in the audit',
  kind: 'What happened',
  anyKind: 'Everything',
  person: 'Who',
  anyPerson: 'Anybody',
  goneAccount: (id: string): string => `Account that is gone (${id.slice(0, 8)})`,
  from: 'From day',
  until: 'To day',
  node: 'Only of the node',
  allNodes: 'Show all nodes',
  clear: 'Show everything',
  csv: 'CSV',
  jsonl: 'JSON lines',
  download: 'Download',
  downloadHint: 'The newest 50,000 rows that are chosen',
  noneTitle: 'Nothing was decided yet',
  none: 'Claims, keys, tokens, people and settings will be told of here.',
  noMatchTitle: 'No row matches',
  noMatch: 'Nothing fits what is chosen above.',
  older: 'Show older ones',
  renew: 'Look again',
  newest: (seq: number): string => `Row ${seq.toLocaleString('en')} is the newest of the whole Cloud. Its hash:`,
  noteIt:
    'Note it somewhere else: later, “claimstead admin audit verify --expect HASH” tells whether anything up to that row was changed since.',
  row: (seq: number): string => `Row ${seq}`,
  details: 'Details',
  by: {
    agent: 'An agent',
    machine: 'The Cloud’s own machine',
    fromNetwork: (network: string): string => `from ${network}`,
    throughApiToken: (name: string): string => `through the API token ${name}`,
  },
  fields: {
    node: 'Node',
    claim: 'Claim',
    token: 'Token',
    network: 'Network',
    account: 'Account',
    seq: 'Row',
    kind: 'Kind',
  },
} as const;

/** `usesLeft` → `Uses left`: names of details are those of the code that wrote them. */
export function detailName(name: string): string {
  const plain = name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replaceAll(/[-_]/g, ' ')
    .toLowerCase()
    .replace(/\bapi\b/g, 'API');
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** A value of details as one reads it. */
export function detailText(value: unknown): string {
  if (value === null || value === '') return '–';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(detailText).join(', ');
  return JSON.stringify(value);
}
