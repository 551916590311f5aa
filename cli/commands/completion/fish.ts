import type { CompletionEntry, CompletionOption } from './entries.ts';

/** Inside single quotes fish escapes only these two. */
const quoted = (text: string): string => `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`;

const condition = (path: string): string => quoted(`__countersign_at ${quotedInner(path)}`);
const quotedInner = (path: string): string => `"${path}"`;

function optionLine(path: string, option: CompletionOption): string {
  const names = option.names
    .map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`))
    .join(' ');
  const value = !option.takesValue
    ? ''
    : option.isFile
      ? ' -r -F'
      : option.choices.length > 0
        ? ` -x -a ${quoted(option.choices.join(' '))}`
        : ' -x';
  return `complete -c countersign -n ${condition(path)} ${names}${value} -d ${quoted(option.help)}\n`;
}

function linesOf(entry: CompletionEntry): string {
  const commands = entry.commands.map(
    ({ name, summary }) =>
      `complete -c countersign -n ${condition(entry.path)} -f -a ${quoted(name)} -d ${quoted(summary)}\n`,
  );
  const choices =
    entry.argumentChoices.length === 0
      ? ''
      : `complete -c countersign -n ${condition(entry.path)} -f -a ${quoted(entry.argumentChoices.join(' '))}\n`;
  return commands.join('') + choices + entry.options.map((option) => optionLine(entry.path, option)).join('');
}

export const fishCompletion = (
  entries: readonly CompletionEntry[],
): string => `# fish completion for countersign
function __countersign_at
    set -l known ${entries
      .filter(({ path }) => path !== '')
      .map(({ path }) => quoted(path))
      .join(' ')}
    set -l path ''
    for word in (commandline -opc)[2..-1]
        set -l next (string trim -- "$path $word")
        if contains -- $next $known
            set path $next
        end
    end
    test "$path" = "$argv[1]"
end
${entries.map(linesOf).join('')}`;
