#include "widgets/panels/textbody.h"

#include "widgets/common/richtext.h"
#include "widgets/common/theme.h"
#include "widgets/panels/painthelpers.h"

#include <QTextBrowser>
#include <QTextDocument>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

// Never fetches anything: images and style sheets of a dashboard file stay unread.
class QuietBrowser final : public QTextBrowser
{
public:
    using QTextBrowser::QTextBrowser;
    QVariant loadResource(int, const QUrl&) override { return {}; }
};

} // namespace

TextBody::TextBody(QWidget* parent) : PanelBody(parent), m_browser(new QuietBrowser(this))
{
    m_browser->setObjectName(u"panelText"_s);
    m_browser->setFrameShape(QFrame::NoFrame);
    m_browser->setOpenLinks(false);
    m_browser->document()->setDocumentMargin(2);
    connect(m_browser, &QTextBrowser::anchorClicked, this, &PanelBody::linkActivated);
    connect(&Theme::instance(), &Theme::changed, this, &TextBody::render);
}

void TextBody::setInput(const PanelInput& input)
{
    const bool same = m_input.spec.options == input.spec.options && m_input.spec.id == input.spec.id;
    m_input = input;
    if (!same || !m_browser->document()->isEmpty())
        render();
    Q_EMIT updated();
}

void TextBody::render()
{
    const Json& options = m_input.spec.options;
    QString content = options[u"content"].toString();
    const QString mode = options[u"mode"].toString(u"markdown"_s);
    if (m_input.interpolate)
        content = m_input.interpolate(content);
    QPalette palette = m_browser->palette();
    palette.setColor(QPalette::Base, m_input.spec.transparent ? Theme::instance().colors().canvas
                                                             : Theme::instance().colors().panel);
    m_browser->setPalette(palette);
    if (mode == u"html")
        setSafeHtml(m_browser->document(), content);
    else if (mode == u"code")
        m_browser->document()->setPlainText(content);
    else
        setMarkdown(m_browser->document(), content);
    setAccessibleDescription(m_browser->toPlainText());
}

QString TextBody::plainText() const
{
    return m_browser->toPlainText();
}

void TextBody::resizeEvent(QResizeEvent*)
{
    m_browser->setGeometry(rect());
}

void PlaceholderBody::setInput(const PanelInput& input)
{
    m_type = input.spec.type;
    m_series = input.data ? qsizetype(input.data->frames.size()) : 0;
    setAccessibleDescription(plainText());
    invalidate();
    Q_EMIT updated();
}

QString PlaceholderBody::plainText() const
{
    return tr("Panels of type “%1” are not drawn yet").arg(m_type);
}

void PlaceholderBody::paintPicture(QPainter* painter, const QRectF& area)
{
    const ThemeColors& c = Theme::instance().colors();
    painter->setPen(QPen(c.borderMedium, 1, Qt::DashLine));
    painter->setBrush(Qt::NoBrush);
    painter->drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    painter->setPen(c.textSecondary);
    painter->setFont(panelFont(13));
    QString text = plainText();
    if (m_series > 0)
        text += u'\n' + tr("%n series received", nullptr, int(m_series));
    painter->drawText(area.adjusted(8, 8, -8, -8), Qt::AlignCenter | Qt::TextWordWrap, text);
}

} // namespace Promdeck
