// netdatacli: sends one command to the running agent. Exits with the agent's code: 0 done, 1 failed, 2 busy; 255 without an answer.

import { argv, stderr, stdin, stdout } from 'node:process';
import { loadConfig, takeEnvironment } from '../config/load.ts';
import { ask } from '../control/control-client.ts';
import { readStdin } from './claim-surroundings.ts';
import { runProgram } from './run-program.ts';

/** A reload may make the claim that claim.conf asks for, 30 s, and then waits 10 s for the link; nothing else takes long. */
const replyDeadlineMs = 60_000;
const noAnswerCode = 255;

const usage = 'Usage: netdatacli COMMAND [ARGUMENT]...   ("netdatacli help" asks the running agent for its commands)\n';

await runProgram('netdatacli', noAnswerCode, async () => {
  const given = argv.slice(2);
  if (given[0] === '-h' || given[0] === '--help') {
    stdout.write(usage);
    return 0;
  }
  // Without arguments the command is a line of standard input; a terminal would only wait. A line is sent as it is: values hold blanks.
  const line = given.length > 0 || stdin.isTTY ? '' : (await readStdin()).trim();
  const words = line === '' ? given : [line];
  if (words.length === 0) {
    stderr.write(usage);
    return 1;
  }
  const { controlSocket } = loadConfig({
    env: takeEnvironment(),
    overrides: [],
    configFile: undefined,
    installationFile: undefined,
  });
  const answer = await ask(controlSocket, words, replyDeadlineMs);
  if (answer.outcome !== 'answered') {
    stderr.write(`${answer.sentence}\n`);
    return noAnswerCode;
  }
  if (answer.text !== '')
    (answer.stream === 'stdout' ? stdout : stderr).write(answer.text.endsWith('\n') ? answer.text : `${answer.text}\n`);
  return answer.code;
});
