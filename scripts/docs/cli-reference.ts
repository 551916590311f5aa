/** Generates docs/cli.md from the command tree. */
import { optionNotes } from '../../cli/program.ts';
import type { CommandSpec, OptionSpec } from '../../cli/spec.ts';
import { tree } from '../../cli/tree.ts';

const head = `# Command line

Data goes to stdout, messages and progress to stderr. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the answer is no (\`whoami\`, \`verify\`,
\`explain\`, \`doctor\`; \`plan\` with \`--exit-code\`). \`NO_COLOR\` switches colours off. Every command accepts \`--debug\`, which shows the
stack trace of a failure, and \`--help\`.

This page is generated from the command tree by \`npm run docs\`.

## The token cache

\`token\` and \`whoami\` cache the token that they create, so that a role is assumed and an MFA code is asked for once, and the apiserver, which caches by token,
gets the same token from many calls of kubectl. A token is never printed for another identity than the one that is logged in at that moment:

| credentials | in every call | a cached token is used as long as |
| --- | --- | --- |
| keys in the environment or the shared files | are read | access key id, secret and session token are the same |
| IAM Identity Center (\`sso_session\`, \`sso_start_url\`) | the login that \`aws sso login\` has cached is read | that login is the same and has not expired, and account, role and shared files are the same |
| \`credential_process\`, \`aws login\`, container, EC2 instance | are resolved | they have the same access key id, secret and session token |
| web identity (EKS service accounts, CI) | are resolved: STS returns new keys | never: nothing is cached |
| a role: \`-r\`, or a profile with \`role_arn\` | the credentials that assume it are treated as above | they are the same, and so are role, external id, session name and MFA device; the role is not assumed again |

Cluster, region and the endpoint of STS must be the same as well. Size and time of a file decide nothing: after a logout, another login or a corrected secret, the next
call notices. A token that was printed before stays
valid until it expires: to cut a user off, [add a denial](cut-off.md).

- **How long**: a token is used until 2 minutes before it expires, 12 minutes in all, or less if the credentials expire sooner. Files older than an hour are deleted.
- **What is stored**: the token and its expiry, in a file of mode 0600 whose name is a SHA-256. Access keys, secrets and keys of assumed roles are not stored.
- **Where**: \`COUNTERSIGN_CACHE_DIR\`, or \`~/.cache/countersign\` (Linux, \`XDG_CACHE_HOME\`), \`~/Library/Caches/countersign\` (macOS), \`%LOCALAPPDATA%\\countersign\\cache\` (Windows).
- **Who can write there**: only you. If folder or file is a link, belongs to another user, or is writable by others (a file: readable by others), the cache is neither used
  nor written to, and one line of stderr, like \`countersign doctor\`, reports why and what to do; a token is printed all the same. Windows has no such modes: there only links are
  refused, so leave the folder in your own profile.
- **How to clear it**: \`--no-cache\` creates a token and does not touch the cache. A refusal that \`whoami\`, \`doctor\` or \`verify\` sees drops the refused token. \`countersign doctor\` names the
  folder; it can be deleted at any time.

## URLs

\`--server\`, \`--endpoint\`, \`--review-endpoint\`, their environment variables, the review host that the admin API reports, and \`AWS_ENDPOINT_URL_STS\` or \`AWS_ENDPOINT_URL\` must be https URLs, or
http URLs on loopback (127.0.0.0/8, ::1, localhost), without user name, query and fragment: tokens, signatures and keys are sent there.
`;

const escaped = (text: string): string => text.replaceAll('|', String.raw`\|`).replaceAll('<', '&lt;');

const optionRow = (option: OptionSpec): string =>
  `| \`${option.flags.replaceAll('|', String.raw`\|`)}\` | ${escaped(option.help + optionNotes(option))} |\n`;

function usage(path: string, spec: CommandSpec): string {
  if (spec.load === undefined)
    return `countersign ${path} ${spec.commands.map(({ name }) => name).join('|')}`;
  const words = (spec.arguments ?? []).map(({ name }) => name);
  return ['countersign', path, ...words, ...(spec.options === undefined ? [] : ['[options]'])].join(' ');
}

function section(spec: CommandSpec, prefix: string): string {
  const path = prefix === '' ? spec.name : `${prefix} ${spec.name}`;
  const options = spec.load === undefined ? [] : (spec.options ?? []);
  const described = spec.description === undefined ? '' : `\n${spec.description}\n`;
  const table =
    options.length === 0 ? '' : `\n| option | |\n| --- | --- |\n${options.map(optionRow).join('')}`;
  const text = `
## countersign ${path}

${spec.summary[0]?.toUpperCase()}${spec.summary.slice(1)}.
${described}
\`\`\`
${usage(path, spec)}
\`\`\`
${table}
\`\`\`sh
${spec.examples.join('\n')}
\`\`\`
`;
  return text + (spec.commands ?? []).map((child) => section(child, path)).join('');
}

/** The text of docs/cli.md. */
export const cliReference = (): string => head + tree.map((spec) => section(spec, '')).join('');
