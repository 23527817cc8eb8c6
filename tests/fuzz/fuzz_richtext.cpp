// A text panel of any content: whatever is written, no image, script or link to another scheme reaches the document,
// and nothing asks for a resource.

#include "widgets/common/richtext.h"

#include <QGuiApplication>
#include <QTextBlock>
#include <QTextDocument>
#include <QUrl>

#include <cstdint>
#include <cstdlib>

using namespace Promdeck;

namespace {

class WatchedDocument final : public QTextDocument
{
protected:
    QVariant loadResource(int, const QUrl&) override { std::abort(); }
};

void requireSafe(const QTextDocument& document)
{
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
        for (auto it = block.begin(); !it.atEnd(); ++it) {
            const QTextCharFormat format = it.fragment().charFormat();
            if (format.isImageFormat())
                std::abort();
            // As the browser widget takes it: strictly what QUrl makes of the text.
            const QString scheme = QUrl(format.anchorHref()).scheme();
            if (!scheme.isEmpty() && scheme != QLatin1String("http") && scheme != QLatin1String("https")
                && scheme != QLatin1String("mailto"))
                std::abort();
        }
    }
}

} // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    static QGuiApplication application(*argc, *argv);
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const QString text = QString::fromUtf8(reinterpret_cast<const char*>(data), qsizetype(size));
    WatchedDocument html;
    setSafeHtml(&html, text);
    requireSafe(html);
    WatchedDocument markdown;
    setMarkdown(&markdown, text);
    requireSafe(markdown);
    return 0;
}
