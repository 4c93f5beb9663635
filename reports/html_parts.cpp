#include "reports/html_parts.h"

#include <fmt/format.h>

#include <iterator>

#include "reports/assets.h"
#include "reports/chart_json.h"
#include "reports/escape.h"
#include "reports/palette.h"

namespace atonce {
namespace {

std::string_view class_of(Tone tone) {
  switch (tone) {
    case Tone::good:
      return "good";
    case Tone::caution:
      return "caution";
    case Tone::bad:
      return "bad";
    case Tone::faint:
      return "faint";
    case Tone::plain:
      break;
  }
  return "";
}

std::string_view class_of(VerdictLevel level) {
  if (level == VerdictLevel::valid) return "good";
  return level == VerdictLevel::suspect ? "caution" : "bad";
}

std::string header_cell(const Column& column) {
  const auto title = column.meaning.empty()
                         ? std::string()
                         : fmt::format(R"( title="{}")", escape_html(column.meaning));
  return fmt::format(R"(<th scope="col" class="{}"{}>{}</th>)", column.number ? "number" : "",
                     title, escape_html(column.header));
}

std::string swatch(const TableRow& row, const std::vector<std::string>& colours) {
  if (row.series == TableRow::no_series) return {};
  return fmt::format(R"-(<span class="swatch" style="background:var(--{})"></span>)-",
                     colours[row.series]);
}

std::string title_of(const Cell& cell) {
  return cell.title.empty() ? "" : fmt::format(R"( title="{}")", escape_html(cell.title));
}

std::string content(const Cell& cell) {
  const auto text = fmt::format("<bdi>{}</bdi>", escape_html(cell.text));
  if (cell.interval.empty()) return text;
  return fmt::format("{}<small>{}</small>", text, escape_html(cell.interval));
}

std::string body_row(const Table& table, const TableRow& row, bool new_group,
                     const std::vector<std::string>& colours) {
  auto out = fmt::format(R"(<tr class="{}{}">)", row.winner ? "winner" : "",
                         new_group ? " new-group" : "");
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const auto& cell = row.cells[i];
    const auto text = content(cell);
    out += i == 0 ? fmt::format(R"(<th scope="row">{}{}</th>)", swatch(row, colours), text)
                  : fmt::format(R"(<td class="{} {}"{}>{}</td>)",
                                table.columns[i].number ? "number" : "", class_of(cell.tone),
                                title_of(cell), text);
  }
  return out + "</tr>\n";
}

}  // namespace

std::string html_filled(std::string_view text, const std::map<std::string, std::string>& parts) {
  std::string out;
  while (true) {
    const auto open = text.find("{{");
    out += text.substr(0, open);
    if (open == std::string_view::npos) return out;
    const auto close = text.find("}}", open);
    out += parts.at(std::string(text.substr(open + 2, close - open - 2)));
    text.remove_prefix(close + 2);
  }
}

std::string html_head(std::string_view title) {
  return html_filled(head_html(), {{"title", escape_html(title)},
                                   {"light", css_variables(false)},
                                   {"dark", css_variables(true)},
                                   {"style", std::string(report_css())}});
}

std::string html_badge(VerdictLevel level, std::string_view text) {
  return fmt::format(R"(<span class="badge {}">{}</span> )", class_of(level), escape_html(text));
}

std::string html_table(const Table& table, const std::vector<std::string>& colours) {
  std::string out = "<div class=\"scroll\" tabindex=\"0\"><table>\n<thead><tr>";
  for (const auto& column : table.columns) out += header_cell(column);
  out += "</tr></thead>\n<tbody>\n";
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const bool new_group = i > 0 && table.rows[i].group != table.rows[i - 1].group;
    out += body_row(table, table.rows[i], new_group, colours);
  }
  out += "</tbody></table></div>\n";
  for (const auto& note : table.footnotes)
    out += fmt::format("<p class=\"footnote\">{}</p>\n", escape_html(note));
  return out;
}

std::string html_meanings(const Table& table) {
  std::string out = "<dl>\n";
  for (const auto& column : table.columns)
    if (!column.meaning.empty())
      fmt::format_to(std::back_inserter(out), "<dt>{}</dt><dd>{}</dd>\n",
                     escape_html(column.header), escape_html(column.meaning));
  return out + "</dl>\n";
}

std::string html_notes(const std::vector<Note>& notes) {
  if (notes.empty()) return "<p>Every configuration is VALID and no call failed.</p>\n";
  std::string out = "<ul class=\"notes\">\n";
  for (const auto& note : notes)
    fmt::format_to(std::back_inserter(out),
                   "<li>{} <code>{}</code> <bdi>{}</bdi> <span class=\"who\">{}</span></li>\n",
                   html_badge(note.level, name(note.level)), escape_html(note.code),
                   escape_html(note.message), escape_html(note.who()));
  return out + "</ul>\n";
}

std::string html_facts(const Facts& facts) {
  std::string out = "<dl class=\"facts\">\n";
  for (const auto& [key, value] : facts)
    fmt::format_to(std::back_inserter(out), "<dt><bdi>{}</bdi></dt><dd><bdi>{}</bdi></dd>\n",
                   escape_html(key), escape_html(value));
  return out + "</dl>\n";
}

std::string html_chart_data(const std::vector<Chart>& charts) {
  std::string named;
  for (const auto& chart : charts)
    named += (named.empty() ? "" : ",\n") + text_to_json(chart.name) + ": " + chart_to_json(chart);
  return escape_json_in_html(
      fmt::format("{{\"palette\": {}, \"charts\": {{\n{}}}}}", palette_to_json(), named));
}

std::string html_chart(const Chart& chart, const Document& document, ChartRenderer& renderer) {
  return fmt::format(
      "<figure id=\"{0}\">\n<h3>{1}</h3>\n"
      "<div class=\"chart\" data-chart=\"{0}\" role=\"img\" aria-label=\"{1} {2}\">{3}</div>\n"
      "<figcaption>{2}</figcaption>\n"
      "<details><summary>The figures as a table</summary>\n{4}</details>\n</figure>\n",
      chart.name, escape_html(chart.title), escape_html(chart.caption),
      renderer.svg(chart, Heading::left_out), html_table(chart.data, document.colours));
}

}  // namespace atonce
