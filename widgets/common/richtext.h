#pragma once

#include <QString>

class QTextDocument;

namespace Promdeck {

/// The safe part of HTML that a text panel may show: text structure, tables, links and inline colour. Scripts,
/// styles, forms, frames, event handlers, images and every URL that is not http, https, mailto or relative
/// are removed; nothing is ever loaded from anywhere.
[[nodiscard]] QString sanitizeHtml(const QString& html);

/// Fills a document from Markdown (GitHub dialect, embedded HTML sanitised) in the theme's colours.
void setMarkdown(QTextDocument* document, const QString& markdown);
void setSafeHtml(QTextDocument* document, const QString& html);

} // namespace Promdeck
