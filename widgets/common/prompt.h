#pragma once

#include <QStringList>
#include <QUrl>

#include <functional>

class QWidget;

namespace Promdeck::Prompt {

/// Questions to the person and doors to the outside, all asynchronous, each with a seam for tests.

/// Asks for files to open; the callback is not called when the person gives up or `context` is gone.
void openFile(QWidget* context, const QString& title, const QString& filter,
              std::function<void(const QString& path)> done);
/// Asks for a folder.
void openFolder(QWidget* context, const QString& title, std::function<void(const QString& path)> done);
/// Asks where to save.
void saveFile(QWidget* context, const QString& title, const QString& suggestion, const QString& filter,
              std::function<void(const QString& path)> done);
/// Asks for one line of text.
void askText(QWidget* context, const QString& title, const QString& label, std::function<void(const QString& text)> done);
/// Opens a link in the browser; only http, https and mailto leave the program.
void openUrl(const QUrl& url);

/// The next file dialog answers this at once instead of showing itself.
void setNextFileName(const QString& path);
/// The next question for a text is answered with this at once.
void setNextText(const QString& text);
/// Links go here instead of to the browser; an empty function restores the browser.
void setUrlOpener(std::function<void(const QUrl&)> opener);

} // namespace Promdeck::Prompt
