// @ts-check
/**
 * `npm run deploy -- --stage prod`: to AWS, with the caller's credentials. Refuses placeholders.
 *
 *     npm run deploy -- --stage NAME [--region NAME] [--param name=value …] [--aws-profile NAME]
 */
import { readCommandLine, runOsls, stop } from './osls/run.mjs';

const { stage, placeholders, args } = readCommandLine();
if (placeholders.length > 0) {
  stop(
    `Stage ${stage} still has placeholders for ${placeholders.join(' and ')}: set them in infra/parameters/${stage}.yml. docs/deploy.md explains each parameter.`,
  );
}
runOsls('deploy', args);
