import { confirm } from '../../terminal/confirm.ts';
import { exitCodes } from '../../exit.ts';
import { execClients, entriesOf, wholeKubeconfig } from '../../kubeconfig/entry.ts';
import type { Login } from '../../kubeconfig/entry.ts';
import { kubeconfigFile, readKubeconfig, updateKubeconfig } from '../../kubeconfig/file.ts';
import { mergeKubeconfig } from '../../kubeconfig/merge.ts';
import { yamlText } from '../../terminal/output.ts';
import { parseSecureUrl } from '../../secure-url.ts';
import type { Context, Run } from '../../spec.ts';
import { readPem } from '../read-pem.ts';
import { shellWord } from '../../../lib/shell-word.ts';

function loginOf({ input }: Pick<Context, 'input'>): Login {
  const clusterId = input.required('clusterId');
  const server = input.required('server');
  parseSecureUrl(server, '--server');
  return {
    clusterId,
    server,
    certificateAuthority: readPem(input.required('certificateAuthority')),
    client: execClients.find((client) => client === input.text('exec')) ?? 'countersign',
    context: input.text('context') ?? clusterId,
    roleArn: input.text('role'),
    region: input.text('region'),
    profile: input.text('profile'),
    namespace: input.text('namespace'),
  };
}

export const run: Run = async (context) => {
  const { input, terminal, env } = context;
  const entries = entriesOf(loginOf(context));
  if (!input.flag('merge')) {
    terminal.data(await yamlText(wholeKubeconfig(entries)));
    return exitCodes.done;
  }
  const file = kubeconfigFile(env, input.text('kubeconfig'));
  const makeCurrent = input.flag('currentContext');
  const { replaced } = mergeKubeconfig(readKubeconfig(file), entries, makeCurrent);
  if (replaced.length > 0) {
    await confirm(context, `${file} has ${replaced.join(' and ')} with other settings: replace?`);
  }
  updateKubeconfig(file, (text) => mergeKubeconfig(text, entries, makeCurrent).text);
  terminal.say(`${file}: context ${entries.contexts.name} logs in to cluster ${entries.clusters.name}.`);
  terminal.say(`Try it: kubectl --context ${shellWord(entries.contexts.name)} auth whoami`);
  return exitCodes.done;
};
