#include "widgets/common/prompt.h"

#include <QDesktopServices>
#include <QFileDialog>
#include <QInputDialog>
#include <QPointer>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace Promdeck::Prompt {

namespace {

QString& nextFileName()
{
    static QString name;
    return name;
}

QString& nextText()
{
    static QString text;
    return text;
}

std::function<void(const QUrl&)>& urlOpener()
{
    static std::function<void(const QUrl&)> opener;
    return opener;
}

bool answered(QWidget* context, const std::function<void(const QString&)>& done)
{
    if (nextFileName().isEmpty())
        return false;
    const QString path = std::exchange(nextFileName(), QString());
    QTimer::singleShot(0, context, [done, path] { done(path); });
    return true;
}

void show(QFileDialog* dialog, QWidget* context, std::function<void(const QString&)> done)
{
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(dialog, &QFileDialog::fileSelected, context, std::move(done));
    dialog->open();
}

} // namespace

void openFile(QWidget* context, const QString& title, const QString& filter,
              std::function<void(const QString&)> done)
{
    if (answered(context, done))
        return;
    auto* dialog = new QFileDialog(context, title, {}, filter);
    dialog->setFileMode(QFileDialog::ExistingFile);
    show(dialog, context, std::move(done));
}

void openFolder(QWidget* context, const QString& title, std::function<void(const QString&)> done)
{
    if (answered(context, done))
        return;
    auto* dialog = new QFileDialog(context, title);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    show(dialog, context, std::move(done));
}

void saveFile(QWidget* context, const QString& title, const QString& suggestion, const QString& filter,
              std::function<void(const QString&)> done)
{
    if (answered(context, done))
        return;
    auto* dialog = new QFileDialog(context, title, suggestion, filter);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    show(dialog, context, std::move(done));
}

void askText(QWidget* context, const QString& title, const QString& label, std::function<void(const QString&)> done)
{
    if (!nextText().isEmpty()) {
        const QString text = std::exchange(nextText(), QString());
        QTimer::singleShot(0, context, [done, text] { done(text); });
        return;
    }
    auto* dialog = new QInputDialog(context);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(title);
    dialog->setLabelText(label);
    QObject::connect(dialog, &QInputDialog::textValueSelected, context, std::move(done));
    dialog->open();
}

void openUrl(const QUrl& url)
{
    static const QStringList allowed {u"http"_s, u"https"_s, u"mailto"_s};
    if (!allowed.contains(url.scheme()))
        return;
    if (urlOpener())
        urlOpener()(url);
    else
        QDesktopServices::openUrl(url);
}

void setNextFileName(const QString& path)
{
    nextFileName() = path;
}

void setNextText(const QString& text)
{
    nextText() = text;
}

void setUrlOpener(std::function<void(const QUrl&)> opener)
{
    urlOpener() = std::move(opener);
}

} // namespace Promdeck::Prompt
