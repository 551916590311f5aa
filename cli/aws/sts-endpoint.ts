import { parseSecureUrl } from '../secure-url.ts';

/**
 * Where STS is reached instead of at its own hosts: `AWS_ENDPOINT_URL_STS` or `AWS_ENDPOINT_URL`.
 * @throws CliFailure (exit 2) if others could read what is sent there: tokens, and the keys of roles in its answers
 */
export function stsEndpoint(env: NodeJS.ProcessEnv): URL | undefined {
  const [name, text] = env['AWS_ENDPOINT_URL_STS']
    ? ['AWS_ENDPOINT_URL_STS', env['AWS_ENDPOINT_URL_STS']]
    : ['AWS_ENDPOINT_URL', env['AWS_ENDPOINT_URL']];
  return text ? parseSecureUrl(text, name) : undefined;
}
