#include "widgets/common/noticebar.h"

#include "widgets/common/theme.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPushButton>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace Promdeck {

NoticeBar::NoticeBar(QWidget* parent) : QWidget(parent), m_layout(new QHBoxLayout(this)), m_label(new QLabel(this))
{
    setObjectName(u"noticeBar"_s);
    setAutoFillBackground(true);
    m_label->setTextFormat(Qt::PlainText);
    m_label->setWordWrap(true);
    m_label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_layout->setContentsMargins(12, 6, 8, 6);
    m_layout->setSpacing(8);
    m_layout->addWidget(m_label, 1);
    connect(&Theme::instance(), &Theme::changed, this, &NoticeBar::paint);
    hide();
}

void NoticeBar::post(const QString& id, Tone tone, const QString& text, std::vector<Choice> choices)
{
    std::erase_if(m_notices, [&id](const Notice& notice) { return notice.id == id; });
    m_notices.push_back({id, tone, text, std::move(choices)});
    rebuild();
}

void NoticeBar::withdraw(const QString& id)
{
    if (std::erase_if(m_notices, [&id](const Notice& notice) { return notice.id == id; }) > 0)
        rebuild();
}

void NoticeBar::clear()
{
    m_notices.clear();
    rebuild();
}

bool NoticeBar::isPosted(const QString& id) const
{
    return std::ranges::find(m_notices, id, &Notice::id) != m_notices.end();
}

QString NoticeBar::text() const
{
    return m_notices.empty() ? QString() : m_notices.back().text;
}

void NoticeBar::rebuild()
{
    // Deleted later: one of them may be what was just pressed.
    for (QWidget* button : std::exchange(m_buttons, {})) {
        button->hide();
        button->setObjectName({});
        button->deleteLater();
    }
    setVisible(!m_notices.empty());
    if (m_notices.empty())
        return;
    const Notice& notice = m_notices.back();
    m_label->setText(notice.text);
    setAccessibleName(notice.text);
    for (const Choice& choice : notice.choices) {
        auto* button = new QPushButton(choice.text, this);
        button->setObjectName(choice.name);
        m_layout->addWidget(button);
        m_buttons.push_back(button);
        connect(button, &QPushButton::clicked, this, [this, id = notice.id, run = choice.run] {
            withdraw(id);
            if (run)
                run();
        });
    }
    paint();
}

void NoticeBar::paint()
{
    if (m_notices.empty())
        return;
    const ThemeColors& c = Theme::instance().colors();
    const Tone tone = m_notices.back().tone;
    const QColor& color = tone == Tone::Error ? c.error : tone == Tone::Warning ? c.warning : c.info;
    QPalette colors = palette();
    colors.setColor(QPalette::Window, blend(c.canvas, withAlpha(color, 0.14)));
    setPalette(colors);
    QPalette texts = m_label->palette();
    texts.setColor(QPalette::WindowText, c.text);
    m_label->setPalette(texts);
}

} // namespace Promdeck
