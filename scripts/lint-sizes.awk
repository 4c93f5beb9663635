# usage: awk -f lint-sizes.awk SOURCE...
# Files over 300 lines and C++ functions over 60. Relies on clang-format: a block's brace follows a
# space, an initialiser's does not (or follows "=", "return", a comma or another opening bracket).

BEGIN { most_lines = 300; most_function_lines = 60 }

FNR == 1 { depth = function_depth = 0; head = raw_end = "" }

FNR == most_lines + 1 { finding(FNR, "file is over " most_lines " lines; split it") }

{
  line = $0
  if (raw_end != "" && !skip_raw_string()) next
  strip()
  if (line ~ /^#/) next
  while (match(line, /[{};]/)) {
    mark = substr(line, RSTART, 1)
    add_to_head(substr(line, 1, RSTART - 1))
    line = substr(line, RSTART + 1)
    if (mark == "{") open_block()
    else if (mark == "}") close_block()
    else head = ""
  }
  add_to_head(line)
}

function add_to_head(text) {
  if (text ~ /^ *$/ && head == "") return
  if (head == "") head_line = FNR
  head = head text
}

# Leaves in `line` what follows the end of the raw string; false while it goes on.
function skip_raw_string(    at) {
  at = index(line, raw_end)
  if (!at) return 0
  line = substr(line, at + length(raw_end))
  raw_end = ""
  return 1
}

# Removes strings, character literals and comments from `line`.
function strip(    before) {
  gsub(/[0-9a-fA-F]'[0-9a-fA-F]/, "0", line)
  gsub(/'(\\[^']*|[^'\\])'/, "0", line)
  while (match(line, /R"[A-Za-z_]*\(/)) {
    raw_end = ")" substr(line, RSTART + 2, RLENGTH - 3) "\""
    before = substr(line, 1, RSTART - 1) "0"
    line = substr(line, RSTART + RLENGTH)
    line = before (skip_raw_string() ? line : "")
  }
  gsub(/"(\\.|[^"\\])*"/, "0", line)
  sub(/\/\/.*/, "", line)
  gsub(/\/\*[^*]*\*\//, "", line)
}

function open_block() {
  ++depth
  if (is_initialiser()) {
    kind[depth] = "value"
  } else if (function_depth == 0 && is_function()) {
    kind[depth] = "function"
    function_depth = depth
    function_line = head_line
  } else {
    kind[depth] = "block"
  }
  saved_head[depth] = head
  head = ""
}

function close_block() {
  if (function_depth && depth == function_depth) {
    if (FNR - function_line + 1 > most_function_lines)
      finding(function_line, "function is over " most_function_lines " lines; split it")
    function_depth = 0
  }
  head = kind[depth] == "value" ? saved_head[depth] "0" : ""
  if (depth > 0) --depth
}

function is_initialiser() {
  return head ~ /[^ ]$/ || head ~ /(=|return|[,(]) *$/ || (depth > 1 && kind[depth - 1] == "value")
}

function is_function() {
  return FILENAME !~ /js$/ && head ~ /\(/ && head !~ /^ *(namespace|extern|class|struct|enum|union) /
}

function finding(at, what) { print FILENAME ":" at ": " what }
