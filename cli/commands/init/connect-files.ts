/** The files that `init` writes, and whether it can: that is known before a webhook token is created for them. */
import { dirname, join, resolve } from 'node:path';
import { connectFormats, webhookKubeconfig } from '../../connect/connection.ts';
import type { Connection } from '../../connect/connection.ts';
import { renderConnect } from '../../connect/render.ts';
import { wrongUsage } from '../../exit.ts';
import { checkWritable, writeFile } from '../../files.ts';
import type { Context } from '../../spec.ts';

export interface ConnectFile {
  readonly file: string;
  readonly content: string;
  readonly mode: number;
  /** A line for the user: what it is. */
  readonly title: string;
}

/** The path to write a file to: kubeconfig and token have options, the others go into the kubeconfig's folder. */
function pathOf(name: string, output: string, tokenFile: string | undefined): string {
  if (name === 'webhook-kubeconfig.yaml') return output;
  return name === 'webhook-token' && tokenFile !== undefined ? tokenFile : join(dirname(output), name);
}

/** @param output path of the webhook kubeconfig */
export function connectFiles(
  { input }: Pick<Context, 'input'>,
  connection: Connection,
  output: string,
): readonly ConnectFile[] {
  const tokenFile = input.text('tokenFile');
  const format = connectFormats.find((format) => format === input.text('format'));
  if (format !== undefined) {
    return renderConnect(format, connection).map(({ title, file: name, secret, content }) => {
      const file = pathOf(name, output, tokenFile);
      return { file, content, mode: secret || file === output ? 0o600 : 0o644, title };
    });
  }
  const credential =
    tokenFile === undefined ? { token: connection.webhookToken } : { tokenFile: resolve(tokenFile) };
  const kubeconfig = {
    file: output,
    content: webhookKubeconfig(connection, credential),
    mode: 0o600,
    title: "the apiserver's webhook kubeconfig.",
  };
  if (tokenFile === undefined) return [kubeconfig];
  const title = 'the webhook token. The apiserver reads the file again when it changes.';
  return [kubeconfig, { file: tokenFile, content: `${connection.webhookToken}\n`, mode: 0o600, title }];
}

/** @throws CliFailure if one of the files cannot be written, or if two of them are the same */
export function checkFiles(files: readonly ConnectFile[]): void {
  const seen = new Set<string>();
  for (const { file } of files) {
    if (seen.has(resolve(file))) {
      throw wrongUsage(`Two files would be written to ${file}: give --output and --token-file other names.`);
    }
    seen.add(resolve(file));
    checkWritable(file);
  }
}

export function writeFiles({ terminal }: Pick<Context, 'terminal'>, files: readonly ConnectFile[]): void {
  for (const { file, content, mode, title } of files) {
    writeFile(file, content, mode);
    terminal.say(`${file}: ${title}`);
  }
}
