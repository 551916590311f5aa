// @ts-check
/**
 * The rules of .oxlintrc.json, which editors read, and those that follow from scripts/architecture.mjs: what pure files may not
 * use, and how long files and functions may be. `npm run check:lint` runs both.
 */
import { readFileSync } from 'node:fs';
import { impure, limits, longFunctions, pure } from './scripts/architecture.mjs';

const { $schema: _, ...rules } = JSON.parse(readFileSync(new URL('.oxlintrc.json', import.meta.url), 'utf8'));

/** @param {number} max */
const lengthOf = (max) => ({
  'eslint/max-lines-per-function': ['error', { max, skipBlankLines: true, skipComments: true }],
});

export default {
  ...rules,
  overrides: [
    ...rules.overrides,
    {
      files: ['{bench,cli,dev,functions,lib,scripts}/**'],
      rules: {
        ...lengthOf(limits.linesInFunction),
        'eslint/max-lines': ['error', { max: limits.linesInFile }],
      },
    },
    { files: longFunctions.map(({ file }) => file), rules: lengthOf(limits.linesInFactory) },
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
