import type { CommandSpec } from '../../spec.ts';

/** Reviews a second of each cluster that ask STS or the table. */
const clusterRate = 200;
/** With bodies of 64 KiB at most, they fit into the 256 MiB of the DaemonSet. */
const maxConnections = 500;

export const serveCommand: CommandSpec = {
  name: 'serve',
  summary: 'answer reviews over HTTPS on a host of your own',
  description:
    'The same handlers as on Lambda, with the same environment (COUNTERSIGN_TABLE and so on), plus /healthz and /metrics. Without certificate files, the first start creates a self-signed pair and stores it in --state-dir.',
  options: [
    { flags: '--address <address>', help: 'address to listen on', default: '127.0.0.1' },
    { flags: '--port <port>', help: '0 picks a free one', default: '21362' },
    { flags: '--tls-cert <file>', help: 'PEM certificate with its chain; read again when it changes' },
    { flags: '--tls-key <file>', help: 'PEM key' },
    {
      flags: '--state-dir <dir>',
      help: 'folder for the self-signed pair',
      default: '/var/lib/countersign',
    },
    { flags: '--hostname <name>', help: 'name in the self-signed certificate', repeat: 'commas' },
    {
      flags: '--shutdown-grace <seconds>',
      help: 'how long to wait for open reviews before exit',
      default: '10',
    },
    {
      flags: '--cluster-rate <n>',
      help: 'reviews a second that each cluster may have STS or the table asked for, with a burst of twice as many; more get 429; "off" for no limit',
      default: String(clusterRate),
    },
    {
      flags: '--max-connections <n>',
      help: 'open connections; more are closed at once',
      default: String(maxConnections),
    },
    { flags: '--whoami', help: 'answer whoami requests too' },
  ],
  examples: [
    'COUNTERSIGN_TABLE=countersign AWS_REGION=eu-west-1 countersign serve --tls-cert tls.crt --tls-key tls.key',
    'COUNTERSIGN_TABLE=countersign AWS_REGION=eu-west-1 countersign serve --state-dir ./state --hostname localhost',
  ],
  load: async () => (await import('./serve.ts')).run,
};
