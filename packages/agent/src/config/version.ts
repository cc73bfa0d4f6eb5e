// The version of the agent, as it tells it to people and to the Cloud. version.test.ts holds it to package.json.

export const agentVersion = '0.1.0';
