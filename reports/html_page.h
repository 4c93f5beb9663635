#pragma once
/// The report as one HTML file.

#include <string>

#include "reports/document.h"

namespace atonce {

/// Complete without network, and readable without scripts: each chart is there as a picture, which
/// the scripts replace by a live one.
std::string html_page(const Document& document);

}  // namespace atonce
