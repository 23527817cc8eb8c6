#include "widgets/panels/textbody.h"

#include "widgets/panels/tablebody.h"

#include "widgets/common/richtext.h"
#include "widgets/common/theme.h"
#include "widgets/panels/painthelpers.h"

#include <QLabel>
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

PlaceholderBody::PlaceholderBody(QWidget* parent)
    : PanelBody(parent)
    , m_label(new QLabel(this))
    , m_table(new TableBody(this))
{
    m_label->setObjectName(u"placeholderText"_s);
    m_label->setWordWrap(true);
    m_label->setForegroundRole(QPalette::PlaceholderText);
    m_table->setObjectName(u"placeholderTable"_s);
    m_table->hide();
    connect(m_table, &PanelBody::updated, this, &PanelBody::updated);
    connect(m_table, &PanelBody::linkActivated, this, &PanelBody::linkActivated);
}

void PlaceholderBody::setInput(const PanelInput& input)
{
    m_type = input.spec.type;
    const bool hasData = input.data && !input.data->frames.empty();
    if (m_type == u"library-panel-ref")
        m_label->setText(tr("This panel lives in Grafana's library, and the file does not bring it along. Export the dashboard "
                            "for sharing externally, or save the panel into it."));
    else
        m_label->setText(hasData ? tr("Panels of type “%1” are not drawn. Their data:").arg(m_type)
                                 : tr("Panels of type “%1” are not drawn").arg(m_type));
    m_label->setAlignment(hasData ? Qt::AlignLeft | Qt::AlignVCenter : Qt::AlignCenter);
    m_table->setVisible(hasData);
    if (hasData) {
        PanelInput listed = input;
        listed.spec.type = u"table"_s;
        listed.spec.options = {}; // those of another type mean nothing here
        m_table->setInput(listed);
    }
    resizeEvent(nullptr);
    setAccessibleDescription(m_label->text());
    Q_EMIT updated();
}

QString PlaceholderBody::plainText() const
{
    return m_label->text() + (m_table->isHidden() ? QString() : u'\n' + m_table->plainText());
}

void PlaceholderBody::resizeEvent(QResizeEvent*)
{
    const int text = m_table->isHidden() ? height() : std::min(height() / 3, m_label->heightForWidth(std::max(40, width())) + 4);
    m_label->setGeometry(0, 0, width(), text);
    m_table->setGeometry(0, text, width(), height() - text);
}

bool PlaceholderBody::isRendering() const
{
    return !m_table->isHidden() && m_table->isBusy();
}

} // namespace Promdeck
