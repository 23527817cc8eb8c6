#pragma once

#include "models/panel/datatable.h"

#include <QPixmap>
#include <QUrl>

#include <functional>

namespace Promdeck {

class PanelWidget;

/// Writes a table to a file on a worker thread; the old file stays until the new one is whole. `done` is called in
/// the context's thread, or not at all when the context is gone. Errors: Io (target = path).
void saveTable(QObject* context, std::shared_ptr<const DataTable> table, const CsvOptions& options, const QString& path,
               std::function<void(const Status&)> done);

/// The panel as it looks, without its header's buttons, at `scale` device pixels per pixel.
[[nodiscard]] QPixmap panelPicture(PanelWidget& panel, double scale);
/// The same in a file: PNG, or SVG with lines and texts as such. Errors: Io (target = path).
[[nodiscard]] Status savePanelPng(PanelWidget& panel, const QString& path, double scale = 2);
[[nodiscard]] Status savePanelSvg(PanelWidget& panel, const QString& path);

/// Where a query went, without credentials; empty when it did not go to this server.
[[nodiscard]] QUrl queryUrl(const QUrl& server, const SentQuery& query);

/// A file name from a title: letters, digits and blanks kept.
[[nodiscard]] QString fileNameFor(const QString& title, const QString& suffix);

} // namespace Promdeck
