// @ts-check
/**
 * The rules of .oxlintrc.json, which editors read, and those that follow from scripts/architecture.mjs: what pure files may not
 * use. `npm run check:lint` runs both.
 */
import { readFileSync } from 'node:fs';
import { impure, pure } from './scripts/architecture.mjs';

const { $schema: _, ...rules } = JSON.parse(readFileSync(new URL('.oxlintrc.json', import.meta.url), 'utf8'));

export default {
  ...rules,
  overrides: [
    ...rules.overrides,
    {
      files: [...pure],
      rules: {
        'eslint/no-restricted-globals': ['error', ...impure.globals],
        'eslint/no-restricted-properties': [
          'error',
          ...impure.properties.map(({ object, property }) => ({
            object,
            property,
            message: 'This file is pure: accept it as an argument.',
          })),
        ],
      },
    },
  ],
};
