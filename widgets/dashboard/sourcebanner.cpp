#include "widgets/dashboard/sourcebanner.h"

#include "widgets/common/icons.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/theme.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

SourceBanner::SourceBanner(QWidget* parent)
    : QWidget(parent), m_text(new QLabel(this)), m_grid(nullptr), m_use(new QPushButton(themeIcon(u"check"_s), tr("&Use these"), this))
{
    setObjectName(u"sourceBanner"_s);
    setAutoFillBackground(true);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_use->setObjectName(u"useSources"_s);
    connect(m_use, &QPushButton::clicked, this, [this] {
        QStringList values;
        for (const QComboBox* box : m_boxes)
            values << box->currentData().toString();
        Q_EMIT accepted(values);
    });
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 8, 12, 8);
    layout->setSpacing(6);
    auto* head = new QHBoxLayout;
    head->addWidget(m_text, 1);
    head->addWidget(m_use, 0, Qt::AlignTop);
    layout->addLayout(head);
    connect(&Theme::instance(), &Theme::changed, this, &SourceBanner::applyTheme);
    applyTheme();
    hide();
}

void SourceBanner::setRows(std::vector<Row> rows)
{
    m_rows = std::move(rows);
    m_boxes.clear();
    delete m_grid;
    m_grid = new QWidget(this);
    auto* grid = new QGridLayout(m_grid);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(10);
    grid->setColumnStretch(2, 1);
    for (const Row& row : m_rows) {
        const int line = int(m_boxes.size());
        auto* label = new QLabel(row.label, m_grid);
        label->setTextFormat(Qt::PlainText);
        label->setToolTip(plainTip(row.reference));
        auto* box = new QComboBox(m_grid);
        box->setObjectName(u"source:"_s + row.reference);
        box->setAccessibleName(tr("Stands for %1").arg(row.label));
        box->setMinimumWidth(260);
        for (const Choice& choice : row.choices)
            box->addItem(themeIcon(u"server"_s, IconRole::Secondary), choice.text, choice.value);
        box->setCurrentIndex(std::max(0, box->findData(row.chosen)));
        label->setBuddy(box);
        grid->addWidget(label, line, 0);
        grid->addWidget(box, line, 1);
        m_boxes.push_back(box);
    }
    layout()->addWidget(m_grid);
    m_grid->show();
    m_text->setText(m_rows.size() == 1 ? tr("This dashboard names a data source that is unknown here. What stands for it?")
                                       : tr("This dashboard names %1 data sources that are unknown here. What stands for them?").arg(m_rows.size()));
    setAccessibleName(m_text->text());
    setVisible(!m_rows.empty());
}

void SourceBanner::applyTheme()
{
    const ThemeColors& c = Theme::instance().colors();
    QPalette look = palette();
    look.setColor(QPalette::Window, blend(c.canvas, withAlpha(c.info, 0.14)));
    look.setColor(QPalette::WindowText, c.text);
    setPalette(look);
}

} // namespace Promdeck
