# usage: awk -f lint-includes.awk confinement.txt SOURCE...
# Which folder may include which (the arrows), and which file may include which library.

BEGIN {
  allowed["core"] = "core"
  allowed["mock_server"] = "core mock_server"
  allowed["runners"] = "core runners"
  allowed["reports"] = "core reports"
  allowed["bench"] = "core mock_server runners reports bench"
  allowed["tests"] = "core mock_server runners reports bench tests"
  ours = " core mock_server runners reports bench tests "
}

FILENAME == ARGV[1] {
  sub(/#.*/, "")
  if (NF == 0) next
  prefix = $1
  $1 = ""
  places[prefix] = $0
  next
}

/^[ \t]*#[ \t]*include[ \t]*["<]/ {
  header = $0
  sub(/^[^"<]*["<]/, "", header)
  sub(/[">].*/, "", header)
  top = header
  sub(/\/.*/, "", top)
  if (index(ours, " " top " ")) check_arrow(top)
  else if ($0 ~ /</) check_library()
}

function check_arrow(to,    from) {
  from = FILENAME
  sub(/\/.*/, "", from)
  if (from in allowed && !index(" " allowed[from] " ", " " to " "))
    finding(from "/ must not include " to "/; move what both need to core/")
}

function check_library(    prefix, longest) {
  for (prefix in places)
    if (index(header, prefix) == 1 && length(prefix) > length(longest)) longest = prefix
  if (longest != "") {
    if (!is_place(places[longest]))
      finding("<" header "> belongs in" places[longest] " only; go through what they offer")
  } else if (header ~ /\// && header !~ /^(arpa|linux|net|netinet|sys)\//) {
    finding("<" header "> is not in scripts/confinement.txt; name the files that may include it")
  }
}

function is_place(globs,    list, i, n, pattern) {
  n = split(globs, list, " ")
  for (i = 1; i <= n; ++i) {
    pattern = list[i]
    gsub(/\./, "[.]", pattern)
    gsub(/\*/, ".*", pattern)
    if (FILENAME ~ "^" pattern "$") return 1
  }
  return 0
}

function finding(what) { print FILENAME ":" FNR ": " what }
