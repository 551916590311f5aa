/** For platform teams: clusters, their webhook tokens, and sets of clusters. */
import type { CommandSpec } from '../../spec.ts';
import {
  adminOptions,
  cluster,
  dryRun,
  file,
  force,
  jsonOrYaml,
  output,
  partition,
  reviewEndpoint,
  yes,
} from '../options.ts';

const id = { name: '<cluster>', help: 'id of the cluster' };

const init: CommandSpec = {
  name: 'init',
  summary: "register a cluster and write its apiserver's webhook configuration",
  description:
    "Registers the cluster, or keeps it and makes another webhook token; prints the apiserver's flags. --offline needs no admin API: it prints the cluster record with the hash of the token, for countersign apply.",
  options: [
    cluster,
    { flags: '--output <file>', help: 'the webhook kubeconfig to write', default: 'webhook-kubeconfig.yaml' },
    {
      flags: '--token-file <file>',
      help: 'put the webhook token in a file of its own, which the apiserver re-reads',
    },
    { flags: '--offline', help: 'call nothing; print the record for apply' },
    {
      flags: '--format <format>',
      help: 'also write, beside --output, what these installers need',
      choices: ['static', 'kubeadm', 'kops', 'kops-s3'],
    },
    { flags: '--s3-prefix <url>', help: 'with kops-s3: where the files will be, such as s3://bucket/prefix' },
    partition,
    { flags: '--set <name>', help: 'set that the cluster belongs to', repeat: true },
    {
      flags: '--certificate-authority <file>',
      help: 'PEM file of the authority of the review host, where it is private',
    },
    reviewEndpoint,
    ...adminOptions,
  ],
  examples: [
    'countersign init -i prod',
    'countersign init -i prod --token-file /etc/kubernetes/countersign.token --format kubeadm',
    'countersign init -i edge --offline --review-endpoint https://reviews.example.com > edge.yaml',
  ],
  load: async () => (await import('../init/init.ts')).run,
};

const tokens: CommandSpec = {
  name: 'tokens',
  summary: "the webhook tokens that a cluster's apiservers present",
  description: 'To rotate without a gap: create one, roll it out, delete the old one.',
  examples: ['countersign clusters tokens list prod'],
  commands: [
    {
      name: 'list',
      summary: 'list them, without their text',
      arguments: [id],
      options: [output, ...adminOptions],
      examples: ['countersign clusters tokens list prod'],
      load: async () => (await import('./tokens/create.ts')).list,
    },
    {
      name: 'create',
      summary: 'make one; its text is shown this once',
      arguments: [id],
      options: [
        { flags: '--token-file <file>', help: 'write the text to a file (0600) and print the id only' },
        ...adminOptions,
      ],
      examples: ['countersign clusters tokens create prod --token-file countersign.token'],
      load: async () => (await import('./tokens/create.ts')).create,
    },
    {
      name: 'delete',
      summary: 'delete one; apiservers that still present it are refused',
      arguments: [id, { name: '<token-id>', help: 'id of the token, as listed' }],
      options: [yes, ...adminOptions],
      examples: ['countersign clusters tokens delete prod 01JD3Y6ZC8 --yes'],
      load: async () => (await import('./tokens/create.ts')).remove,
    },
  ],
};

const clusters: CommandSpec = {
  name: 'clusters',
  summary: 'register clusters',
  examples: ['countersign clusters list'],
  commands: [
    {
      name: 'list',
      summary: 'list clusters',
      options: [output, ...adminOptions],
      examples: ['countersign clusters list', 'countersign clusters list -o json'],
      load: async () => (await import('./put.ts')).list,
    },
    {
      name: 'get',
      summary: 'show a cluster',
      arguments: [id],
      options: [jsonOrYaml, ...adminOptions],
      examples: ['countersign clusters get prod'],
      load: async () => (await import('./put.ts')).get,
    },
    {
      name: 'put',
      summary: 'make or change a cluster',
      description: 'What is not given stays as it is. A list that is given replaces the one before.',
      arguments: [id],
      options: [
        { flags: '--description <text>', help: 'what it is' },
        partition,
        { flags: '--set <name>', help: 'set that it belongs to; "" for none', repeat: true },
        { flags: '--admin-group <name>', help: 'group of its admins', repeat: true },
        { flags: '--disable', help: 'let nobody in', conflicts: ['enable'] },
        { flags: '--enable', help: 'end that' },
        file,
        dryRun,
        force,
        jsonOrYaml,
        ...adminOptions,
      ],
      examples: [
        'countersign clusters put prod --set prod --description "eu-west-1, kops"',
        'countersign clusters put prod --disable',
      ],
      load: async () => (await import('./put.ts')).put,
    },
    {
      name: 'delete',
      summary: 'delete a cluster',
      arguments: [id],
      options: [{ flags: '--force', help: 'delete its own mappings too' }, dryRun, yes, ...adminOptions],
      examples: ['countersign clusters delete old --yes'],
      load: async () => (await import('./put.ts')).remove,
    },
    tokens,
  ],
};

const setName = { name: '<name>', help: 'name of the set' };

const sets: CommandSpec = {
  name: 'sets',
  summary: 'sets of clusters, which a mapping can be for',
  examples: ['countersign sets list'],
  commands: [
    {
      name: 'list',
      summary: 'list sets',
      options: [output, ...adminOptions],
      examples: ['countersign sets list'],
      load: async () => (await import('../sets/put.ts')).list,
    },
    {
      name: 'put',
      summary: 'make or describe a set',
      arguments: [setName],
      options: [{ flags: '--description <text>', help: 'what it is' }, dryRun, jsonOrYaml, ...adminOptions],
      examples: ['countersign sets put prod --description "everything that customers use"'],
      load: async () => (await import('../sets/put.ts')).put,
    },
    {
      name: 'delete',
      summary: 'delete a set that no cluster and no mapping names',
      arguments: [setName],
      options: [dryRun, yes, ...adminOptions],
      examples: ['countersign sets delete staging --yes'],
      load: async () => (await import('../sets/put.ts')).remove,
    },
  ],
};

export const fleet: readonly CommandSpec[] = [init, clusters, sets];
