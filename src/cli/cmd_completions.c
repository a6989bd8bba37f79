// SPDX-License-Identifier: Apache-2.0
// evtxscan completions: scripts that complete commands, options and arguments.
//
// All of it comes from the tables of option_table.h. The texts in there are our own,
// without control characters; quoting is all that they need.
#include <string.h>

#include "cli/option_table.h"

static bool belongs(const struct option_row *row, int command)
{
	return (row->commands & 1u << command) != 0;
}

// `text` with a `mark` before each character of `special`.
static void put_escaped(struct buf *out, const char *text, const char *special, const char *mark)
{
	for (; *text != '\0'; text++) {
		if (strchr(special, *text) != NULL)
			buf_put_text(out, mark);
		buf_put_char(out, *text);
	}
}

static void put_commands(struct buf *out, const char *between)
{
	for (int i = 0; i < COMMAND_COUNT; i++)
		buf_printf(out, "%s%s", i > 0 ? between : "", command_rows[i].name);
}

// ---- bash ---------------------------------------------------------------

static void bash_names(struct buf *out, const struct option_row *row, const char *between)
{
	if (row->code < 256)
		buf_printf(out, "-%c%s", row->code, between);
	buf_printf(out, "--%s", row->name);
}

// A path needs no line: that is what readline completes by itself.
static void bash_argument(struct buf *out, const struct option_row *row, int command)
{
	const char *values = option_values(row, (enum cli_command)command);

	if (option_takes_path(row))
		return;
	buf_put_text(out, "\t\t");
	bash_names(out, row, "|");
	buf_printf(out, ") words='%s' ;;\n", values != NULL ? values : " ");
}

static void bash_command(struct buf *out, int command)
{
	buf_printf(out, "\t%s)\n\t\toptions='", command_rows[command].name);
	for (size_t i = 0; i < option_row_count; i++) {
		if (!belongs(&option_rows[i], command))
			continue;
		bash_names(out, &option_rows[i], " ");
		buf_put_char(out, ' ');
	}
	buf_put_text(out, "'\n\t\tcase $before in\n");
	for (size_t i = 0; i < option_row_count; i++) {
		if (belongs(&option_rows[i], command) && option_rows[i].argument != NULL)
			bash_argument(out, &option_rows[i], command);
	}
	buf_put_text(out, "\t\tesac\n");
	if (command_words[command] != NULL)
		buf_printf(out, "\t\tfirst='%s'\n", command_words[command]);
	buf_put_text(out, "\t\t;;\n");
}

static void put_bash(struct buf *out)
{
	buf_put_text(out,
		     "# bash completion for evtxscan, made by 'evtxscan completions bash'\n"
		     "_evtxscan()\n{\n"
		     "\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
		     "\tlocal command=scan commands='");
	put_commands(out, " ");
	buf_put_text(out, "'\n"
			  "\tlocal options first words\n\n"
			  "\tCOMPREPLY=()\n"
			  "\tif [[ $COMP_CWORD -gt 1 && \" $commands \" == *\" ${COMP_WORDS[1]} "
			  "\"* ]]; then\n"
			  "\t\tcommand=${COMP_WORDS[1]}\n"
			  "\tfi\n"
			  "\t# --option=value comes as three words\n"
			  "\tif [[ $word == = ]]; then\n"
			  "\t\tword=\n"
			  "\telif [[ $before == = ]]; then\n"
			  "\t\tbefore=${COMP_WORDS[COMP_CWORD-2]}\n"
			  "\tfi\n"
			  "\tcase $command in\n");
	for (int i = 0; i < COMMAND_COUNT; i++)
		bash_command(out, i);
	buf_put_text(out, "\tesac\n"
			  "\tif [[ -z $words && $word == -* ]]; then\n"
			  "\t\twords=$options\n"
			  "\telif [[ -z $words && $COMP_CWORD -eq 2 ]]; then\n"
			  "\t\twords=$first\n"
			  "\tfi\n"
			  "\tif [[ -n $words ]]; then\n"
			  "\t\tcompopt +o default\n"
			  "\t\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
			  "\telif [[ $COMP_CWORD -eq 1 ]]; then\n"
			  "\t\tcompopt -o filenames\n"
			  "\t\tmapfile -t COMPREPLY < <(compgen -f -W \"$commands\" -- \"$word\")\n"
			  "\tfi\n"
			  "}\n"
			  "complete -o default -F _evtxscan evtxscan\n");
}

// ---- zsh ----------------------------------------------------------------

// One specification of _arguments: '(-t --format)'{-t,--format=}'[help]:FORMAT:(...)'
static void zsh_option(struct buf *out, const struct option_row *row, int command)
{
	const char *equals = row->argument != NULL ? "=" : "";
	const char *star = strstr(row->help, "repeatable") != NULL ? "*" : "";
	const char *values;
	struct buf help = {0};

	buf_put_text(out, " \\\n\t\t\t");
	if (row->code >= 256)
		buf_printf(out, "'%s--%s%s[", star, row->name, equals);
	else if (*star != '\0')
		buf_printf(out, "'*'{-%c,--%s%s}'[", row->code, row->name, equals);
	else
		buf_printf(out, "'(-%c --%s)'{-%c,--%s%s}'[", row->code, row->name, row->code,
			   row->name, equals);
	put_escaped(&help, row->help, "[]:\\", "\\");
	put_escaped(out, help.ptr, "'", "'\\'");
	buf_put_char(out, ']');
	buf_release(&help);
	if (row->argument == NULL) {
		buf_put_char(out, '\'');
		return;
	}
	values = option_values(row, (enum cli_command)command);
	if (values != NULL)
		buf_printf(out, ":%s:(%s)'", row->argument, values);
	else
		buf_printf(out, ":%s:%s'", row->argument, option_takes_path(row) ? "_files" : " ");
}

static void zsh_command(struct buf *out, int command)
{
	buf_printf(out, "\t%s)\n\t\t_arguments -s -S", command_rows[command].name);
	for (size_t i = 0; i < option_row_count; i++) {
		if (belongs(&option_rows[i], command))
			zsh_option(out, &option_rows[i], command);
	}
	if (command_words[command] != NULL)
		buf_printf(out, " \\\n\t\t\t'1: :(%s)'", command_words[command]);
	buf_put_text(out, " \\\n\t\t\t'*:PATH:_files'\n\t\t;;\n");
}

static void put_zsh(struct buf *out)
{
	buf_put_text(out, "#compdef evtxscan\n"
			  "# zsh completion for evtxscan, made by 'evtxscan completions zsh'\n"
			  "_evtxscan() {\n"
			  "\tlocal command=scan\n"
			  "\tlocal -a commands=(\n");
	for (int i = 0; i < COMMAND_COUNT; i++)
		buf_printf(out, "\t\t'%s:%s'\n", command_rows[i].name, command_rows[i].help);
	buf_put_text(out, "\t)\n\n"
			  "\tif (( CURRENT > 2 && ${commands[(I)$words[2]:*]} )); then\n"
			  "\t\tcommand=$words[2]\n"
			  "\t\tshift words\n"
			  "\t\t(( CURRENT-- ))\n"
			  "\telif (( CURRENT == 2 )); then\n"
			  "\t\t_describe command commands\n"
			  "\tfi\n"
			  "\tcase $command in\n");
	for (int i = 0; i < COMMAND_COUNT; i++)
		zsh_command(out, i);
	buf_put_text(out, "\tesac\n"
			  "}\n"
			  "if [[ $zsh_eval_context[-1] == loadautofunc ]]; then\n"
			  "\t_evtxscan \"$@\"\n"
			  "else\n"
			  "\tcompdef _evtxscan evtxscan\n"
			  "fi\n");
}

// ---- fish ---------------------------------------------------------------

static void fish_quoted(struct buf *out, const char *text)
{
	buf_put_char(out, '\'');
	put_escaped(out, text, "'\\", "\\");
	buf_put_char(out, '\'');
}

// The commands of a row whose argument completes alike are one line.
static void fish_option(struct buf *out, const struct option_row *row, unsigned commands,
			const char *values)
{
	buf_put_text(out, "complete -c evtxscan -n '__evtxscan_is");
	for (int i = 0; i < COMMAND_COUNT; i++) {
		if ((commands & 1u << i) != 0)
			buf_printf(out, " %s", command_rows[i].name);
	}
	buf_put_text(out, "'");
	if (row->code < 256)
		buf_printf(out, " -s %c", row->code);
	buf_printf(out, " -l %s", row->name);
	if (values != NULL)
		buf_printf(out, " -x -a '%s'", values);
	else if (row->argument != NULL)
		buf_put_text(out, option_takes_path(row) ? " -r -F" : " -x");
	buf_put_text(out, " -d ");
	fish_quoted(out, row->help);
	buf_put_char(out, '\n');
}

static void put_fish(struct buf *out)
{
	buf_put_text(out, "# fish completion for evtxscan, made by 'evtxscan completions fish'\n"
			  "function __evtxscan_is\n"
			  "\tset -l words (commandline -opc)\n"
			  "\tset -l command scan\n"
			  "\tif contains -- \"$words[2]\" ");
	put_commands(out, " ");
	buf_put_text(out, "\n\t\tset command $words[2]\n"
			  "\tend\n"
			  "\tcontains -- $command $argv\n"
			  "end\n"
			  "function __evtxscan_word\n"
			  "\ttest (count (commandline -opc)) -eq $argv[1]\n"
			  "end\n");
	for (int i = 0; i < COMMAND_COUNT; i++) {
		buf_printf(out, "complete -c evtxscan -n '__evtxscan_word 1' -a %s -d ",
			   command_rows[i].name);
		fish_quoted(out, command_rows[i].help);
		buf_put_char(out, '\n');
		if (command_words[i] != NULL)
			buf_printf(out,
				   "complete -c evtxscan -n '__evtxscan_is %s; and __evtxscan_word "
				   "2' -f -a '%s'\n",
				   command_rows[i].name, command_words[i]);
	}
	for (size_t i = 0; i < option_row_count; i++) {
		const struct option_row *row = &option_rows[i];
		int first = __builtin_ctz(row->commands);

		fish_option(out, row, row->commands,
			    row->argument != NULL ? option_values(row, (enum cli_command)first)
						  : NULL);
	}
}

// ---- the command --------------------------------------------------------

int cmd_completions(const struct cli_options *options)
{
	static const struct {
		const char *name;
		void (*put)(struct buf *out);
	} shells[] = {{"bash", put_bash}, {"zsh", put_zsh}, {"fish", put_fish}};
	struct buf text = {0};
	struct outfile out;
	int status = STATUS_USAGE;

	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]) && options->arg_count == 1; i++) {
		if (strcmp(options->args[0], shells[i].name) == 0)
			shells[i].put(&text);
	}
	if (text.len == 0)
		return usage_error("completions wants 'bash', 'zsh' or 'fish'");
	if (outfile_open(options->output, options->clobber, &out)) {
		fwrite(text.ptr, 1, text.len, out.stream);
		status = outfile_close(&out) ? STATUS_DONE : STATUS_INCOMPLETE;
	}
	buf_release(&text);
	return status;
}
