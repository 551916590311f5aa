/** Processes that stay, and the command line itself. */
import type { CommandSpec } from '../../spec.ts';
import { output } from '../options.ts';

/** Set by the bundler, for the single file alone. */
declare const COUNTERSIGN_SINGLE_FILE: boolean | undefined;

const serve: CommandSpec = {
  name: 'serve',
  summary: 'answer reviews over HTTPS on a host of your own',
  description:
    'The same handlers as on Lambda, with the same environment (COUNTERSIGN_TABLE and so on), plus /healthz and /metrics. Without certificate files a self-signed pair is made at the first start and kept in --state-dir.',
  options: [
    { flags: '--address <address>', help: 'address to listen on', default: '127.0.0.1' },
    { flags: '--port <port>', help: '0 picks a free one', default: '21362' },
    { flags: '--tls-cert <file>', help: 'PEM certificate with its chain; read again when it changes' },
    { flags: '--tls-key <file>', help: 'PEM key' },
    {
      flags: '--state-dir <dir>',
      help: 'where the self-signed pair is kept',
      default: '/var/lib/countersign',
    },
    { flags: '--hostname <name>', help: 'name in the self-signed certificate', repeat: true },
    { flags: '--shutdown-grace <seconds>', help: 'how long open reviews may take at the end', default: '10' },
    { flags: '--whoami', help: 'answer whoami requests too' },
  ],
  examples: [
    'COUNTERSIGN_TABLE=countersign AWS_REGION=eu-west-1 countersign serve --tls-cert tls.crt --tls-key tls.key',
    'COUNTERSIGN_TABLE=countersign AWS_REGION=eu-west-1 countersign serve --state-dir ./state --hostname localhost',
  ],
  load: async () => (await import('./serve.ts')).run,
};

const dev: CommandSpec = {
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
    { flags: '--data <dir>', help: 'keep the table here (default: in memory)' },
    { flags: '--fixture <file>', help: 'what fills an empty table (default: the demo)' },
    { flags: '--sts <which>', help: 'who verifies tokens', choices: ['local', 'aws'], default: 'local' },
    { flags: '--dynamodb-endpoint <url>', help: 'a DynamoDB on loopback instead of the embedded one' },
  ],
  examples: ['countersign dev', 'countersign dev --port 0 --data ./data --fixture fleet.yaml'],
  load: async () => (await import('../dev/dev.ts')).run,
};

const versionCommand: CommandSpec = {
  name: 'version',
  summary: 'show the version',
  options: [{ flags: '-s, --short', help: 'the number alone' }, output],
  examples: ['countersign version', 'countersign version -o json'],
  load: async () => (await import('../version/version.ts')).run,
};

const completion: CommandSpec = {
  name: 'completion',
  summary: 'print a completion script for a shell',
  arguments: [{ name: '<shell>', help: 'the shell', choices: ['bash', 'zsh', 'fish'] }],
  examples: [
    'source <(countersign completion bash)',
    'countersign completion zsh > "${fpath[1]}/_countersign"',
    'countersign completion fish > ~/.config/fish/completions/countersign.fish',
  ],
  load: async () => (await import('../completion/completion.ts')).run,
};

/** In dist/countersign.mjs the bundler drops `dev`, whose table needs a native module, and all that it imports. */
const onlyInPackage = typeof COUNTERSIGN_SINGLE_FILE === 'boolean' ? [] : [dev];

export const hosts: readonly CommandSpec[] = [serve, ...onlyInPackage, versionCommand, completion];
