import type { CommandSpec } from '../../../spec.ts';
import { adminOptions, forceUnreadable, output, yes } from '../../options.ts';

const id = { name: '<cluster>', help: 'id of the cluster' };

export const tokensCommand: CommandSpec = {
  name: 'tokens',
  summary: "the webhook tokens that a cluster's apiservers present",
  description: 'To rotate without a gap: create one, roll it out, delete the old one.',
  examples: ['countersign clusters tokens list prod'],
  commands: [
    {
      name: 'list',
      summary: 'list the tokens, without their text',
      arguments: [id],
      options: [output, ...adminOptions],
      examples: ['countersign clusters tokens list prod'],
      load: async () => (await import('./list.ts')).run,
    },
    {
      name: 'create',
      summary: 'create one; its text is shown only once',
      arguments: [id],
      options: [
        { flags: '--token-file <file>', help: 'write the text to a file (0600) and print the id only' },
        ...adminOptions,
      ],
      examples: ['countersign clusters tokens create prod --token-file countersign.token'],
      load: async () => (await import('./create.ts')).run,
    },
    {
      name: 'delete',
      summary: 'delete one; apiservers that still present it are refused',
      arguments: [id, { name: '<token-id>', help: 'id of the token, as listed' }],
      options: [forceUnreadable, yes, ...adminOptions],
      examples: ['countersign clusters tokens delete prod 01JD3Y6ZC8 --yes'],
      load: async () => (await import('./delete.ts')).run,
    },
  ],
};
