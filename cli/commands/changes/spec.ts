/** Questions about what is, and the state as files. */
import type { CommandSpec } from '../../spec.ts';
import { adminOptions, cluster, force, jsonOrYaml, optionalCluster, output, yes } from '../options.ts';

const explain: CommandSpec = {
  name: 'explain',
  summary: 'say what a review would answer for somebody, and why',
  description:
    'Shows every entry that matched and what it gave, and near misses. Exit code 3: the cluster says no.',
  options: [
    cluster,
    { flags: '--arn <arn>', help: 'ARN of a role, a user or a session', required: true },
    { flags: '--principal-id <id>', help: 'unique id: AROA…, AIDA…' },
    { flags: '--session <name>', help: 'session name of a role' },
    { flags: '--access-key-id <id>', help: 'access key: AKIA…, ASIA…' },
    output,
    ...adminOptions,
  ],
  examples: [
    'countersign explain -i prod --arn arn:aws:iam::111122223333:user/alice',
    'countersign explain -i prod --arn arn:aws:sts::111122223333:assumed-role/Admin/bob -o yaml',
  ],
  load: async () => (await import('../explain/explain.ts')).run,
};

const accessReport: CommandSpec = {
  name: 'access',
  summary: 'list who may enter: a cluster, or one principal everywhere',
  description: 'Each row is what a review would answer.',
  options: [
    { ...optionalCluster, conflicts: ['arn'] },
    { flags: '--arn <arn>', help: 'one principal, on every cluster' },
    {
      flags: '-o, --output <format>',
      help: 'how to print it',
      choices: ['table', 'json', 'yaml', 'csv'],
      default: 'table',
    },
    ...adminOptions,
  ],
  examples: [
    'countersign access -i prod',
    'countersign access -i prod -o csv > prod-access.csv',
    'countersign access --arn arn:aws:iam::111122223333:role/Admin',
  ],
  load: async () => (await import('../access/access.ts')).run,
};

const stateFile = {
  flags: '-f, --file <file>',
  help: 'the desired state, YAML or JSON; - is stdin',
  required: true,
} as const;

const plan: CommandSpec = {
  name: 'plan',
  summary: 'show what a desired state would change',
  options: [
    stateFile,
    { flags: '--exit-code', help: 'exit with 3 where there is something to change' },
    output,
    ...adminOptions,
  ],
  examples: ['countersign plan -f fleet.yaml', 'countersign plan -f fleet.yaml --exit-code -o json'],
  load: async () => (await import('../plan/plan.ts')).run,
};

const apply: CommandSpec = {
  name: 'apply',
  summary: 'make it so: plan a desired state, ask, and apply it',
  description: 'An apply that was cut short can be repeated: the same state converges.',
  options: [stateFile, yes, force, ...adminOptions],
  examples: ['countersign apply -f fleet.yaml', 'countersign apply -f fleet.yaml --yes'],
  load: async () => (await import('../apply/apply.ts')).run,
};

const exportState: CommandSpec = {
  name: 'export',
  summary: 'print everything as a desired state, or a cluster for EKS',
  description:
    'Mappings of the group sync are left out of the desired state: the sync makes them again. For EKS they are in, and what it cannot hold is listed on stderr.',
  options: [
    {
      flags: '--format <format>',
      help: 'a desired state for apply, the aws-auth ConfigMap, or access entries of EKS',
      choices: ['desired-state', 'aws-auth', 'eks-access-entries'],
      default: 'desired-state',
    },
    { ...optionalCluster, help: 'the cluster, for the formats of EKS' },
    jsonOrYaml,
    ...adminOptions,
  ],
  examples: [
    'countersign export > fleet.yaml',
    'countersign export --format aws-auth -i prod > aws-auth.yaml',
  ],
  load: async () => (await import('../export/export.ts')).run,
};

const importState: CommandSpec = {
  name: 'import',
  summary: 'turn an aws-auth ConfigMap or a configuration of aws-iam-authenticator into a desired state',
  description:
    'Prints the desired state on stdout, for plan and apply, and what needs a look on stderr. Calls nothing.',
  arguments: [{ name: '<file>', help: 'the file; - is stdin' }],
  options: [
    {
      flags: '--from <kind>',
      help: 'what the file is',
      choices: ['aws-auth', 'authenticator'],
      required: true,
    },
    { flags: '-i, --cluster-id <id>', help: 'the cluster that the mappings are for', conflicts: ['scope'] },
    { flags: '--scope <scope>', help: 'or their scope: cluster/<id>, set/<name> or all' },
    jsonOrYaml,
  ],
  examples: [
    'kubectl get configmap aws-auth -n kube-system -o yaml | countersign import --from aws-auth -i prod -',
    'countersign import --from authenticator -i prod config.yaml > prod.yaml',
  ],
  load: async () => (await import('../import/import.ts')).run,
};

const changeId = { name: '<change>', help: 'id of the change, as listed' };

const changes: CommandSpec = {
  name: 'changes',
  summary: 'who changed what, and taking it back',
  examples: ['countersign changes list'],
  commands: [
    {
      name: 'list',
      summary: 'list changes, newest first',
      options: [
        { flags: '--target <target>', help: 'only of this target, as listed' },
        { flags: '--actor <arn>', help: 'only by this actor' },
        { flags: '--since <time>', help: 'RFC 3339 time, or a span such as 2h or 7d' },
        { flags: '--limit <n>', help: 'at most so many', default: '50' },
        output,
        ...adminOptions,
      ],
      examples: [
        'countersign changes list --since 24h',
        'countersign changes list --target cluster/prod -o json',
      ],
      load: async () => (await import('./list.ts')).list,
    },
    {
      name: 'show',
      summary: 'show a change, before and after',
      arguments: [changeId],
      options: [jsonOrYaml, ...adminOptions],
      examples: ['countersign changes show 01JD3Y6ZC8H5W7Q2V9M4K1N0PB'],
      load: async () => (await import('./list.ts')).show,
    },
    {
      name: 'rollback',
      summary: 'take a change back, if its target has not changed since',
      arguments: [changeId],
      options: [yes, force, jsonOrYaml, ...adminOptions],
      examples: ['countersign changes rollback 01JD3Y6ZC8H5W7Q2V9M4K1N0PB --yes'],
      load: async () => (await import('./list.ts')).rollback,
    },
  ],
};

export const audit: readonly CommandSpec[] = [
  explain,
  accessReport,
  plan,
  apply,
  exportState,
  importState,
  changes,
];
