#include "widgets/editor/unitpicker.h"

#include "models/frame/valueformat.h"

#include <QBoxLayout>
#include <QFrame>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QScreen>
#include <QTreeWidget>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

constexpr double kExample = 1234.5;

/// What a unit makes of a number; dates show themselves.
QString exampleOf(const QString& unit)
{
    return formatValue(UnitFormat(unit).isDate() ? 1.7e12 : kExample, unit).toString();
}

/// The list below the button.
class UnitPopup final : public QFrame
{
public:
    UnitPopup(UnitPicker* picker, std::function<void(const QString&)> chosen)
        : QFrame(picker, Qt::Popup), m_take(std::move(chosen)), m_search(new QLineEdit(this)), m_list(new QTreeWidget(this))
    {
        setObjectName(u"unitPopup"_s);
        setAttribute(Qt::WA_DeleteOnClose);
        setFrameShape(QFrame::StyledPanel);
        auto* layout = new QVBoxLayout(this);
        layout->setContentsMargins(6, 6, 6, 6);
        m_search->setObjectName(u"unitSearch"_s);
        m_search->setPlaceholderText(UnitPicker::tr("Search, or type a unit of your own"));
        m_search->setAccessibleName(UnitPicker::tr("Search units"));
        m_search->setClearButtonEnabled(true);
        m_list->setObjectName(u"unitList"_s);
        m_list->setAccessibleName(UnitPicker::tr("Units"));
        m_list->setColumnCount(2);
        m_list->setHeaderHidden(true);
        m_list->setRootIsDecorated(false);
        m_list->setUniformRowHeights(true);
        m_list->setFocusPolicy(Qt::NoFocus);
        m_list->header()->setStretchLastSection(false);
        m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
        m_list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
        layout->addWidget(m_search);
        layout->addWidget(m_list);
        for (const UnitCategory& category : unitCatalogue()) {
            auto* head = new QTreeWidgetItem(m_list, {category.name});
            head->setFlags(Qt::ItemIsEnabled);
            QFont font = m_list->font();
            font.setWeight(QFont::DemiBold);
            head->setFont(0, font);
            for (const QString& id : category.ids) {
                auto* item = new QTreeWidgetItem(head, {id, exampleOf(id)});
                item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
                item->setForeground(1, palette().color(QPalette::PlaceholderText));
                item->setSelected(id == picker->unit());
                if (id == picker->unit())
                    m_list->setCurrentItem(item);
            }
            head->setExpanded(true);
        }
        m_own = new QTreeWidgetItem(m_list);
        m_own->setHidden(true);
        QObject::connect(m_search, &QLineEdit::textChanged, this, [this](const QString& text) { filter(text); });
        QObject::connect(m_search, &QLineEdit::returnPressed, this, [this] { takeCurrent(); });
        QObject::connect(m_list, &QTreeWidget::itemClicked, this, [this](QTreeWidgetItem* item) {
            if (item == m_own)
                take(m_search->text().trimmed());
            else if (item->parent())
                take(item->text(0));
        });
        m_search->installEventFilter(this);
        resize(360, 380);
        if (m_list->currentItem())
            m_list->scrollToItem(m_list->currentItem(), QAbstractItemView::PositionAtCenter);
    }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (watched == m_search && event->type() == QEvent::KeyPress) {
            const int key = static_cast<QKeyEvent*>(event)->key();
            if (key == Qt::Key_Down || key == Qt::Key_Up) {
                step(key == Qt::Key_Down);
                return true;
            }
        }
        return QFrame::eventFilter(watched, event);
    }

private:
    void filter(const QString& text)
    {
        const QStringList words = text.split(u' ', Qt::SkipEmptyParts);
        QTreeWidgetItem* first = nullptr;
        for (int row = 0; row < m_list->topLevelItemCount(); ++row) {
            QTreeWidgetItem* head = m_list->topLevelItem(row);
            if (head == m_own)
                continue;
            bool any = false;
            for (int at = 0; at < head->childCount(); ++at) {
                QTreeWidgetItem* item = head->child(at);
                const QString all = head->text(0) + u' ' + item->text(0) + u' ' + item->text(1);
                const bool fits = std::all_of(words.begin(), words.end(), [&](const QString& word) { return all.contains(word, Qt::CaseInsensitive); });
                item->setHidden(!fits);
                any = any || fits;
                const bool exact = item->text(0).compare(text.trimmed(), Qt::CaseInsensitive) == 0;
                if (fits && (!first || exact))
                    first = item;
            }
            head->setHidden(!any);
        }
        const QString own = text.trimmed();
        m_own->setHidden(own.isEmpty() || isKnownUnit(own));
        m_own->setText(0, UnitPicker::tr("As it is: “%1”").arg(own));
        m_own->setText(1, formatValue(kExample, own).toString());
        m_list->setCurrentItem(text.isEmpty() ? nullptr : first ? first : m_own);
        if (first)
            m_list->scrollToItem(first);
    }
    void step(bool down)
    {
        QTreeWidgetItem* item = m_list->currentItem() ? m_list->currentItem() : m_list->topLevelItem(0);
        do {
            item = down ? m_list->itemBelow(item) : m_list->itemAbove(item);
        } while (item && ((!item->parent() && item != m_own) || item->isHidden()));
        if (item)
            m_list->setCurrentItem(item);
    }
    void takeCurrent()
    {
        const QTreeWidgetItem* item = m_list->currentItem();
        take(item && item->parent() && !item->isHidden() ? item->text(0) : m_search->text().trimmed());
    }
    void take(const QString& unit)
    {
        const auto done = m_take;
        close();
        done(unit);
    }

    std::function<void(const QString&)> m_take;
    QLineEdit* m_search;
    QTreeWidget* m_list;
    QTreeWidgetItem* m_own = nullptr; ///< the text that is typed, as a unit of its own
};

} // namespace

UnitPicker::UnitPicker(QWidget* parent) : QToolButton(parent)
{
    setObjectName(u"unitPicker"_s);
    setToolButtonStyle(Qt::ToolButtonTextOnly);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setUnit({});
    connect(this, &QToolButton::clicked, this, &UnitPicker::openPopup);
}

void UnitPicker::setUnit(const QString& unit)
{
    m_unit = unit;
    setText(unit.isEmpty() ? tr("None") : tr("%1 – %2").arg(unit, exampleOf(unit)).replace(u'&', u"&&"_s));
    setAccessibleDescription(unit);
}

void UnitPicker::openPopup()
{
    auto* popup = new UnitPopup(this, [this](const QString& unit) {
        setUnit(unit);
        Q_EMIT chosen(unit);
    });
    const QRect room = screen()->availableGeometry();
    QPoint at = mapToGlobal(QPoint(width() - popup->width(), height() + 2));
    if (at.y() + popup->height() > room.bottom())
        at.setY(std::max(room.top(), room.bottom() - popup->height()));
    at.setX(std::max(room.left(), at.x()));
    popup->move(at);
    popup->show();
    popup->findChild<QLineEdit*>()->setFocus();
}

} // namespace Promdeck
