// @ts-check
/**
 * `npm run package`: the artifacts and the CloudFormation template in .serverless/, and what the artifacts weigh. Needs no
 * network and no credentials.
 *
 *     npm run package -- [--stage NAME] [--region NAME] [--param name=value …]
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readCommandLine, runOsls } from './osls/run.mjs';

const { placeholders, args } = readCommandLine();
runOsls('package', args);

console.log('\nArtifacts in .serverless/:');
for (const file of readdirSync('.serverless').filter((name) => name.endsWith('.zip'))) {
  const kilobytes = (statSync(join('.serverless', file)).size / 1024).toFixed(1);
  console.log(`${kilobytes.padStart(10)} KB  ${file}`);
}
if (placeholders.length > 0) console.log(`\nPlaceholders, which deploy refuses: ${placeholders.join(', ')}.`);
