import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { parse } from 'yaml';
import { at, isJsonObject, objectsAt, textAt, textsAt } from '../../json.ts';
import type { JsonObject } from '../../json.ts';
import { kubeconfigFile, readKubeconfig } from '../../kubeconfig/file.ts';
import type { Context } from '../../spec.ts';
import { broken, fine, skipped } from './finding.ts';
import type { Finding } from './finding.ts';
import { shellWord } from '../../../lib/shell-word.ts';

const check = 'kubeconfig';
const supportedVersions = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];

interface Plugin {
  readonly context: string;
  readonly user: string | undefined;
  readonly exec: JsonObject | undefined;
}

const named = (config: unknown, kind: string, name: string | undefined): JsonObject | undefined =>
  objectsAt(config, kind).find((entry) => entry['name'] === name);

function pluginOf(config: unknown, context: string | undefined): Plugin | undefined {
  const entry = context === undefined ? undefined : named(config, 'contexts', context);
  if (context === undefined || entry === undefined) return undefined;
  const user = textAt(entry, 'context.user');
  const exec = at(named(config, 'users', user), 'user.exec');
  return { context, user, exec: isJsonObject(exec) ? exec : undefined };
}

const logsInTo = (plugin: Plugin, clusterId: string): boolean =>
  textsAt(plugin.exec, 'args').includes(clusterId);

/** The context of `--context`, else one whose plugin names the cluster, else the current one. */
function choose(config: unknown, clusterId: string, given: string | undefined): Plugin | undefined {
  if (given !== undefined) return pluginOf(config, given);
  const plugins = objectsAt(config, 'contexts').map((entry) => pluginOf(config, textAt(entry, 'name')));
  const found = plugins.find((plugin) => plugin !== undefined && logsInTo(plugin, clusterId));
  return found ?? pluginOf(config, textAt(config, 'current-context'));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function isOnPath(command: string, env: NodeJS.ProcessEnv): boolean {
  if (isAbsolute(command) || /[/\\]/.test(command)) return isExecutable(command);
  const suffixes = process.platform === 'win32' ? (env['PATHEXT'] ?? '.EXE;.CMD').split(';') : [''];
  const directories = (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter((part) => part !== '');
  return directories.some((directory) =>
    suffixes.some((suffix) => isExecutable(join(directory, `${command}${suffix}`))),
  );
}

interface Target {
  readonly clusterId: string;
  /** Appended to a remedy so that it works on the same file: empty, or ` --kubeconfig <file>`. */
  readonly fileFlag: string;
}

const rewriteCommand = ({ clusterId, fileFlag }: Target, context: string | undefined): string => {
  const contextFlag = context === undefined ? '' : ` --context ${shellWord(context)}`;
  return `countersign kubeconfig -i ${shellWord(clusterId)} --server URL --certificate-authority FILE${contextFlag} --merge${fileFlag}`;
};

function evaluate(plugin: Plugin, target: Target, env: NodeJS.ProcessEnv): Finding {
  const { context, user, exec } = plugin;
  const rewrite = rewriteCommand(target, context);
  if (user === undefined || exec === undefined) {
    return broken(
      check,
      `context ${context} has no exec plugin (user ${user ?? '-'})`,
      `write one: ${rewrite} --yes`,
    );
  }
  const apiVersion = textAt(exec, 'apiVersion');
  if (apiVersion === undefined || !supportedVersions.includes(apiVersion)) {
    return broken(
      check,
      `the exec plugin of context ${context} asks for ${apiVersion ?? 'no apiVersion'}, which kubectl no longer supports`,
      `kubectl config set-credentials ${shellWord(user)} --exec-api-version=${supportedVersions[1]}${target.fileFlag}`,
    );
  }
  if (!logsInTo(plugin, target.clusterId)) {
    return broken(
      check,
      `the exec plugin of context ${context} is for another cluster id`,
      `write it again: ${rewrite}`,
    );
  }
  const command = textAt(exec, 'command');
  if (command === undefined) {
    return broken(
      check,
      `the exec plugin of context ${context} has no command`,
      `write it again: ${rewrite}`,
    );
  }
  return isOnPath(command, env)
    ? fine(check, `context ${context} runs ${command}`)
    : broken(check, `${command} is not on the path`, textAt(exec, 'installHint') ?? `install ${command}`);
}

function parseConfig(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

/** Checks the exec plugin that kubectl would run for the cluster; skipped if there is no kubeconfig. */
export function checkKubeconfig({ input, env }: Pick<Context, 'input' | 'env'>): Finding {
  const clusterId = input.required('clusterId');
  const given = input.text('context');
  const file = kubeconfigFile(env, input.text('kubeconfig'));
  const fileFlag = input.text('kubeconfig') === undefined ? '' : ` --kubeconfig ${shellWord(file)}`;
  const target = { clusterId, fileFlag };
  const text = readKubeconfig(file);
  if (text === undefined)
    return skipped(check, `there is no ${file}: countersign kubeconfig --merge writes one`);
  const config = parseConfig(text);
  if (config === undefined) return broken(check, `${file} is not YAML`, 'fix it, or move it away');
  const plugin = choose(config, clusterId, given);
  if (plugin === undefined) {
    return broken(
      check,
      given === undefined
        ? `${file} has no context for cluster ${clusterId}`
        : `${file} has no context ${given}`,
      `write one: ${rewriteCommand(target, given)}`,
    );
  }
  return evaluate(plugin, target, env);
}
