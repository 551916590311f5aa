/** For platform teams: who may enter as whom, and who may not. */
import type { CommandSpec } from '../../spec.ts';
import {
  adminOptions,
  dryRun,
  file,
  force,
  jsonOrYaml,
  output,
  principalOptions,
  scope,
  yes,
} from '../options.ts';

const mappingId = { name: '<mapping>', help: 'id of the mapping, as listed' };

const mappings: CommandSpec = {
  name: 'mappings',
  summary: 'who is who: AWS principals to Kubernetes users and groups',
  examples: ['countersign mappings list --scope cluster/prod'],
  commands: [
    {
      name: 'list',
      summary: 'list mappings',
      options: [scope, ...principalOptions, output, ...adminOptions],
      examples: [
        'countersign mappings list --scope set/prod',
        'countersign mappings list --arn arn:aws:iam::111122223333:role/Admin -o yaml',
      ],
      load: async () => (await import('./put.ts')).list,
    },
    {
      name: 'get',
      summary: 'show a mapping',
      arguments: [mappingId],
      options: [jsonOrYaml, ...adminOptions],
      examples: ['countersign mappings get YWxsAGFybjphd3M6aWFt'],
      load: async () => (await import('./put.ts')).get,
    },
    {
      name: 'put',
      summary: 'make or change a mapping',
      description: 'Scope and principal name it: where there is one already, it is replaced.',
      options: [
        scope,
        ...principalOptions,
        { flags: '--username <template>', help: 'Kubernetes user' },
        { flags: '--group <name>', help: 'Kubernetes group', repeat: true },
        {
          flags: '--expires-at <time>',
          help: 'RFC 3339 time after which it gives nothing, such as 2027-01-31T18:00:00Z',
        },
        { flags: '--principal-id <id>', help: 'pin: the unique id that the principal must have' },
        { flags: '--instance-profile <arn>', help: 'for {{EC2PrivateDNSName}}', repeat: true },
        file,
        dryRun,
        force,
        jsonOrYaml,
        ...adminOptions,
      ],
      examples: [
        'countersign mappings put --scope cluster/prod --arn arn:aws:iam::111122223333:user/alice --username alice --group developers',
        "countersign mappings put --scope all --permission-set Admin --account 111122223333 --username 'sso:{{SessionName}}' --group system:masters",
      ],
      load: async () => (await import('./put.ts')).put,
    },
    {
      name: 'delete',
      summary: 'delete a mapping',
      arguments: [mappingId],
      options: [dryRun, force, yes, ...adminOptions],
      examples: ['countersign mappings delete YWxsAGFybjphd3M6aWFt --yes'],
      load: async () => (await import('./put.ts')).remove,
    },
  ],
};

const denials: CommandSpec = {
  name: 'denials',
  summary: 'who is kept out, whatever the mappings say',
  examples: ['countersign denials list'],
  commands: [
    {
      name: 'list',
      summary: 'list denials',
      options: [output, ...adminOptions],
      examples: ['countersign denials list'],
      load: async () => (await import('../denials/add.ts')).list,
    },
    {
      name: 'add',
      summary: 'cut somebody off everywhere, now',
      description:
        'A denial of a user does not reach the sessions of the roles which that user may assume: the command lists the mapped roles that it leaves open.',
      options: [
        ...principalOptions,
        { flags: '--session <name>', help: 'only this session of the role or permission set' },
        { flags: '--principal-id <id>', help: 'a unique id: AROA…, AIDA…' },
        { flags: '--access-key-id <id>', help: 'an access key: AKIA…, ASIA…' },
        { flags: '--reason <text>', help: 'why; kept with the denial', required: true },
        dryRun,
        force,
        jsonOrYaml,
        ...adminOptions,
      ],
      examples: [
        'countersign denials add --arn arn:aws:iam::111122223333:user/bob --reason "left the company"',
        'countersign denials add --permission-set Admin --account 111122223333 --session bob@example.com --reason "laptop stolen"',
      ],
      load: async () => (await import('../denials/add.ts')).add,
    },
    {
      name: 'delete',
      summary: 'delete a denial',
      arguments: [{ name: '<denial>', help: 'id of the denial, as listed' }],
      options: [dryRun, yes, ...adminOptions],
      examples: ['countersign denials delete YXJuOmF3czppYW0 --yes'],
      load: async () => (await import('../denials/add.ts')).remove,
    },
  ],
};

const bindingId = { name: '<binding>', help: 'id of the binding' };

const bindings: CommandSpec = {
  name: 'bindings',
  summary: 'IAM groups whose members are mapped by the sync',
  examples: ['countersign bindings list'],
  commands: [
    {
      name: 'list',
      summary: 'list bindings',
      options: [output, ...adminOptions],
      examples: ['countersign bindings list'],
      load: async () => (await import('../bindings/put.ts')).list,
    },
    {
      name: 'get',
      summary: 'show a binding',
      arguments: [bindingId],
      options: [jsonOrYaml, ...adminOptions],
      examples: ['countersign bindings get developers'],
      load: async () => (await import('../bindings/put.ts')).get,
    },
    {
      name: 'put',
      summary: 'make or change a binding',
      description: 'What is not given stays as it is.',
      arguments: [bindingId],
      options: [
        { flags: '--iam-group <arn>', help: 'the IAM group' },
        scope,
        { flags: '--username <template>', help: 'Kubernetes user (default: aws:{{AccountID}}:{{UserName}})' },
        { flags: '--group <name>', help: 'Kubernetes group', repeat: true },
        { flags: '--reader-role <arn>', help: "role in the group's account, named CountersignGroupReader*" },
        { flags: '--external-id <id>', help: 'external id for that role' },
        { flags: '--allow-system-groups', help: 'groups may begin with system:' },
        file,
        dryRun,
        force,
        jsonOrYaml,
        ...adminOptions,
      ],
      examples: [
        'countersign bindings put developers --iam-group arn:aws:iam::111122223333:group/Developers --scope set/dev --group developers',
      ],
      load: async () => (await import('../bindings/put.ts')).put,
    },
    {
      name: 'delete',
      summary: 'delete a binding; the next sync withdraws what it gave',
      arguments: [bindingId],
      options: [dryRun, force, yes, ...adminOptions],
      examples: ['countersign bindings delete developers --yes'],
      load: async () => (await import('../bindings/put.ts')).remove,
    },
  ],
};

const sync: CommandSpec = {
  name: 'sync',
  summary: 'the group sync: run it, and see what it did',
  examples: ['countersign sync status'],
  commands: [
    {
      name: 'run',
      summary: 'run it now and wait for the outcome',
      options: [
        { flags: '--binding <id>', help: 'only this binding', repeat: true },
        { flags: '--dry-run', help: 'say what it would do, and write nothing' },
        { flags: '--force', help: 'withdraw even more grants than the guard allows' },
        { flags: '--no-wait', help: 'print the id of the run and end' },
        { flags: '--timeout <seconds>', help: 'how long to wait', default: '300' },
        output,
        ...adminOptions,
      ],
      examples: ['countersign sync run --dry-run', 'countersign sync run --binding developers'],
      load: async () => (await import('../sync/run.ts')).start,
    },
    {
      name: 'status',
      summary: 'list the last runs',
      options: [{ flags: '--limit <n>', help: 'how many', default: '10' }, output, ...adminOptions],
      examples: ['countersign sync status'],
      load: async () => (await import('../sync/run.ts')).status,
    },
    {
      name: 'show',
      summary: 'show a run, binding by binding',
      arguments: [{ name: '<run>', help: 'id of the run' }],
      options: [output, ...adminOptions],
      examples: ['countersign sync show 01JD3Y6ZC8H5W7Q2V9M4K1N0PB'],
      load: async () => (await import('../sync/run.ts')).show,
    },
  ],
};

export const access: readonly CommandSpec[] = [mappings, denials, bindings, sync];
