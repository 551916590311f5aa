import type { CompletionEntry, CompletionOption } from './entries.ts';
import { quoted } from '../../../lib/shell-word.ts';

const words = (entry: CompletionEntry): string =>
  [
    ...entry.commands.map(({ name }) => name),
    ...entry.argumentChoices,
    ...entry.options.flatMap(({ names }) => names.filter((name) => name.startsWith('--'))),
  ].join(' ');

const valueCase = (path: string, option: CompletionOption): string => {
  const patterns = option.names.map((name) => quoted(`${path}:${name}`)).join('|');
  const reply = option.isFile
    ? 'COMPREPLY=($(compgen -f -- "$cur"))'
    : option.choices.length > 0
      ? `COMPREPLY=($(compgen -W ${quoted(option.choices.join(' '))} -- "$cur"))`
      : 'COMPREPLY=()';
  return `    ${patterns}) ${reply}; return ;;\n`;
};

/** For bash 3.2 (macOS) and later; needs no bash-completion. */
export const bashCompletion = (
  entries: readonly CompletionEntry[],
): string => `# bash completion for countersign
_countersign() {
  local cur prev path word words
  cur="\${COMP_WORDS[COMP_CWORD]}"
  prev="\${COMP_WORDS[COMP_CWORD-1]}"
  path=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $word" in
${entries
  .filter(({ path }) => path !== '')
  .map(({ path }) => `    ${quoted(path.includes(' ') ? path : ` ${path}`)}) path=${quoted(path)} ;;\n`)
  .join('')}    esac
  done
  case "$path:$prev" in
${entries.flatMap(({ path, options }) => options.filter(({ takesValue }) => takesValue).map((option) => valueCase(path, option))).join('')}  esac
  case "$path" in
${entries.map((entry) => `    ${quoted(entry.path)}) words=${quoted(words(entry))} ;;\n`).join('')}  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F _countersign countersign
`;
