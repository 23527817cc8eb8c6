#include "widgets/panels/querydetails.h"

#include "widgets/common/errortext.h"

#include <QLabel>
#include <QLocale>
#include <QScreen>
#include <QTextBrowser>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Promdeck::QueryDetails)
public:
    static QString describe(const SentQuery& query)
    {
        const QLocale locale;
        QString cost = query.fromCache ? tr("from cache")
                                       : tr("%1 ms, %2 samples, %3")
                                             .arg(locale.toString(query.seconds * 1000, 'f', 0), locale.toString(query.samples),
                                                  locale.formattedDataSize(query.bytes));
        if (query.tailOnly)
            cost += u", "_s + tr("only the newest part");
        const QString kind = query.instant ? tr("instant") : tr("range, step %1 s").arg(double(query.stepMs) / 1000.0);
        return u"<p><b>%1</b> · %2 · %3</p><pre style=\"white-space: pre-wrap\">%4</pre>"_s.arg(
            query.refId.toHtmlEscaped(), kind, cost, query.expr.toHtmlEscaped());
    }
};

} // namespace

QueryDetails::QueryDetails(const QString& title, const PanelData& data, QWidget* parent) : QFrame(parent, Qt::Popup)
{
    setObjectName(u"queryDetails"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setFrameShape(QFrame::StyledPanel);
    auto* heading = new QLabel(title, this);
    heading->setTextFormat(Qt::PlainText);
    auto* browser = new QTextBrowser(this);
    browser->setFrameShape(QFrame::NoFrame);
    QString html;
    if (data.error)
        html += u"<p>"_s + errorText(*data.error).toHtmlEscaped().replace(u'\n', u"<br>"_s) + u"</p>"_s;
    for (const QString& warning : data.warnings + data.infos)
        html += u"<p>"_s + warning.toHtmlEscaped() + u"</p>"_s;
    for (const SentQuery& query : data.queries)
        html += Text::describe(query);
    if (html.isEmpty())
        html = tr("This panel sends no queries").toHtmlEscaped();
    browser->setHtml(html);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(heading);
    layout->addWidget(browser);
    setTabOrder(browser, browser);
    browser->setFocus();
}

void QueryDetails::popup(const QPoint& globalPosition)
{
    resize(620, 320);
    const QRect screenRect = screen()->availableGeometry();
    move(std::min(globalPosition.x(), screenRect.right() - width()), std::min(globalPosition.y(), screenRect.bottom() - height()));
    show();
}

} // namespace Promdeck
