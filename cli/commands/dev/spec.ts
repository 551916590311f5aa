import type { CommandSpec } from '../../spec.ts';

export const devCommand: CommandSpec = {
  name: 'dev',
  summary: 'run everything on a laptop: reviews, admin API, table, and stand-ins for STS and IAM',
  description: 'Loopback only, with demo data; the admin API is served without authentication.',
  options: [
    {
      flags: '--port <port>',
      help: 'port of the reviews and the admin API; 0 picks a free one',
      default: '8080',
    },
    { flags: '--aws-port <port>', help: 'port of the stand-ins for STS and IAM', default: '0' },
    { flags: '--data <dir>', help: 'folder of the table (default: in memory)' },
    { flags: '--fixture <file>', help: 'content of an empty table (default: the demo)' },
    { flags: '--sts <which>', help: 'who verifies tokens', choices: ['local', 'aws'], default: 'local' },
    { flags: '--dynamodb-endpoint <url>', help: 'a DynamoDB on loopback instead of the embedded one' },
  ],
  examples: ['countersign dev', 'countersign dev --port 0 --data ./data --fixture fleet.yaml'],
  load: async () => (await import('./dev.ts')).run,
};
