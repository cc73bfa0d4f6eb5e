// The catalogue: every text of the pages, by noun. A page imports the file of its noun and nothing else, so that texts are loaded with the page
// that shows them; this file is for whoever translates, and for the test that holds it complete. CONTRIBUTING.md says how to translate.

import { accountWords } from './account/account-words.ts';
import { admissionWords } from './admission/admission-words.ts';
import { agentErrorWords, agentWords } from './agent-page/agent-words.ts';
import { alertWords } from './alert/alert-words.ts';
import { errorWords } from './api/error-words.ts';
import { auditWords } from './audit/audit-words.ts';
import { chartWords, sectionNames } from './charts/chart-words.ts';
import { ephemeralWords } from './ephemeral/ephemeral-words.ts';
import { functionWords } from './function/function-words.ts';
import { invitationWords } from './invitation/invitation-words.ts';
import { memberWords, roleInSentence, roleMeans, roleNames } from './member/member-words.ts';
import { informationWords } from './node/information-words.ts';
import { manageWords } from './node/manage-words.ts';
import { roomRuleWords } from './room-rule/room-rule-words.ts';
import { spaceWords } from './space/space-words.ts';
import { tokenWords } from './token/token-words.ts';
import { durationWords, measuredWords, momentWords } from './ui/time-words.ts';
import { webhookWords } from './webhook/webhook-words.ts';
import { words } from './words.ts';

export const catalogue = {
  account: accountWords,
  admission: admissionWords,
  agent: { words: agentWords, errors: agentErrorWords },
  alert: alertWords,
  audit: auditWords,
  charts: { words: chartWords, sections: sectionNames },
  ephemeral: ephemeralWords,
  errors: errorWords,
  function: functionWords,
  invitation: invitationWords,
  member: { words: memberWords, roleNames, roleMeans, roleInSentence },
  node: { information: informationWords, manage: manageWords },
  roomRule: roomRuleWords,
  shared: words,
  space: spaceWords,
  time: { durationWords, measuredWords, momentWords },
  token: tokenWords,
  webhook: webhookWords,
};
