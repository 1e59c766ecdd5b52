#!/bin/sh
# Run any command of the program as the server runs it: publicmeeting.sh doctor, publicmeeting.sh migrate.
# Started by root, it becomes the user publicmeeting first. PUBLICMEETING_ROOT and PUBLICMEETING_SETTINGS
# name another release and another environment file.
set -eu
root=${PUBLICMEETING_ROOT:-/opt/publicmeeting/current}
settings=${PUBLICMEETING_SETTINGS:-/etc/publicmeeting/environment}

if [ "$(id -u)" = 0 ] && [ "${PUBLICMEETING_AS_ROOT:-}" != yes ]; then
    exec runuser -u publicmeeting -- "$0" "$@"
fi
if [ ! -r "$settings" ] || [ ! -f "$settings" ]; then
    echo "$settings cannot be read by $(id -un): owner root, group publicmeeting, mode 0640." >&2
    exit 1
fi
# Read the file as systemd reads an EnvironmentFile, character by character. Values are data: the shell gets
# each one in single quotes. States: `name`, `comment`, `blank` (before a value or after its quotes), `plain`
# (a value without quotes), or the quote that is open. `escape` is set after a backslash.
exports=$(awk -v apostrophe="'" '
    function done() {
        sub(/[ \t\r]+$/, "", name)
        if (name ~ /^[A-Za-z_][A-Za-z0-9_]*$/) {
            gsub(apostrophe, apostrophe "\\" apostrophe apostrophe, value)
            print "export " name "=" apostrophe value apostrophe
        }
        name = value = gap = ""
        state = "name"
    }
    function add(one) { value = value gap one; gap = "" }
    function read_one(one) {
        if (escape) {
            escape = 0
            if (state == "\"" && one !~ /["\\`$\n]/) add("\\")
            if (one != "\n") add(one)
        } else if (state == "name") {
            if (one == "=") state = "blank"
            else if (name == "" && one ~ /[#;]/) state = "comment"
            else if (one == "\n") name = ""
            else if (name != "" || one !~ /[ \t\r]/) name = name one
        } else if (state == "comment") {
            if (one == "\n") state = "name"
        } else if (state == "blank" || state == "plain") {
            if (one == "\n") done()
            else if (state == "blank" && (one == apostrophe || one == "\"")) state = one
            else if (one == "\\") { state = "plain"; escape = 1 }
            else if (one !~ /[ \t\r]/) { state = "plain"; add(one) }
            else if (state == "plain") gap = gap one
        } else if (one == state) state = "blank"
        else if (one == "\\" && state == "\"") escape = 1
        else add(one)
    }
    BEGIN { state = "name" }
    { sub(/\r$/, ""); line = $0 "\n"; for (at = 1; at <= length(line); at++) read_one(substr(line, at, 1)) }
    END { if (state != "name" && state != "comment") done() }
' "$settings")
eval "$exports"
umask 077
cd "$root"
exec .venv/bin/python -m publicmeeting "$@"
