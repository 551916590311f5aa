import type { CompletionEntry, CompletionOption } from './entries.ts';
import { quoted } from '../../../lib/shell-word.ts';

/** `[` `]` `:` mean something to _arguments and _describe. */
const escaped = (text: string): string => text.replaceAll(/[[\]:\\]/g, String.raw`\$&`);

function optionLines(option: CompletionOption): string[] {
  const action = option.isFile ? '_files' : option.choices.length > 0 ? `(${option.choices.join(' ')})` : ' ';
  return option.names.map((name) =>
    quoted(`*${name}[${escaped(option.help)}]${option.takesValue ? `:value:${action}` : ''}`),
  );
}

function branch(entry: CompletionEntry): string {
  const options = entry.options.flatMap(optionLines).join(' ');
  const commands = entry.commands.map(({ name, summary }) => quoted(`${name}:${escaped(summary)}`)).join(' ');
  const rest =
    entry.argumentChoices.length > 0
      ? ` '1:value:(${entry.argumentChoices.join(' ')})'`
      : " '*:value:_files'";
  const body =
    entry.commands.length === 0
      ? `_arguments ${options}${rest}`
      : `commands=(${commands}); _describe command commands; _arguments ${options}`;
  return `    ${quoted(entry.path)}) ${body} ;;\n`;
}

export const zshCompletion = (entries: readonly CompletionEntry[]): string => `#compdef countersign
# zsh completion for countersign
_countersign() {
  local where='' word depth=1
  local -a commands
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$where $word" in
${entries
  .filter(({ path }) => path !== '')
  .map(
    ({ path }) =>
      `    ${quoted(path.includes(' ') ? path : ` ${path}`)}) where=${quoted(path)}; (( depth++ )) ;;\n`,
  )
  .join('')}    esac
  done
  words=("\${(@)words[depth,-1]}")
  (( CURRENT -= depth - 1 ))
  case "$where" in
${entries.map(branch).join('')}  esac
}
if [ "$funcstack[1]" = "_countersign" ]; then
  _countersign "$@"
else
  compdef _countersign countersign
fi
`;
