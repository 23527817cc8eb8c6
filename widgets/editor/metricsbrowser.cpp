#include "widgets/editor/metricsbrowser.h"

#include "widgets/common/errortext.h"
#include "widgets/common/icons.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/theme.h"

#include <QAbstractListModel>
#include <QBoxLayout>
#include <QComboBox>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QListWidget>
#include <QLocale>
#include <QMimeData>
#include <QPainter>
#include <QPushButton>
#include <QSplitter>
#include <QStyledItemDelegate>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace Promdeck {

/// The metrics that fit the search, best first. Gives drags the panel's JSON.
class MetricListModel final : public QAbstractListModel
{
public:
    using QAbstractListModel::QAbstractListModel;
    void set(const MetricCatalogue* catalogue, std::vector<int> places)
    {
        beginResetModel();
        m_catalogue = catalogue;
        m_places = std::move(places);
        endResetModel();
    }
    [[nodiscard]] QString metric(int row) const
    {
        if (!m_catalogue || row < 0 || size_t(row) >= m_places.size())
            return {};
        const auto names = m_catalogue->metricNames();
        const auto place = size_t(m_places[size_t(row)]);
        return place < names.size() ? QString::fromStdString(names[place]) : QString();
    }
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : int(m_places.size()); }
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override
    {
        const QString name = metric(index.row());
        switch (role) {
        case Qt::DisplayRole: return name;
        case Qt::UserRole: return m_catalogue ? m_catalogue->info(name).type : QString();
        case Qt::ToolTipRole: return m_catalogue ? plainTip(m_catalogue->info(name).help) : QString();
        case Qt::AccessibleTextRole: return QString(name + u", "_s + data(index, Qt::UserRole).toString());
        default: return {};
        }
    }
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override { return QAbstractListModel::flags(index) | Qt::ItemIsDragEnabled; }
    [[nodiscard]] QStringList mimeTypes() const override { return {MetricsBrowser::mimeType(), u"text/plain"_s}; }
    [[nodiscard]] QMimeData* mimeData(const QModelIndexList& indexes) const override
    {
        if (indexes.isEmpty() || !m_catalogue)
            return nullptr;
        const QString name = metric(indexes.first().row());
        auto* mime = new QMimeData;
        mime->setData(MetricsBrowser::mimeType(), panelForMetric(m_catalogue->info(name), m_catalogue->hasBuckets(name)).toUtf8());
        mime->setText(name);
        return mime;
    }

private:
    const MetricCatalogue* m_catalogue = nullptr;
    std::vector<int> m_places;
};

namespace {

/// Name on the left, type on the right.
class MetricDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const ThemeColors& c = Theme::instance().colors();
        painter->save();
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, c.selected);
        else if (option.state & QStyle::State_MouseOver)
            painter->fillRect(option.rect, c.hover);
        const QRect area = option.rect.adjusted(8, 0, -8, 0);
        const QFontMetrics metrics(option.font);
        const QString type = index.data(Qt::UserRole).toString();
        const int typeWidth = type.isEmpty() ? 0 : metrics.horizontalAdvance(type) + 12;
        painter->setFont(option.font);
        painter->setPen(c.text);
        painter->drawText(area.adjusted(0, 0, -typeWidth, 0), Qt::AlignLeft | Qt::AlignVCenter,
                          metrics.elidedText(index.data().toString(), Qt::ElideMiddle, area.width() - typeWidth));
        painter->setPen(c.textSecondary);
        painter->drawText(area, Qt::AlignRight | Qt::AlignVCenter, type);
        painter->restore();
    }
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override { return {200, QFontMetrics(option.font).height() + 8}; }
};

} // namespace

MetricsBrowser::MetricsBrowser(QWidget* parent) : QWidget(parent), m_model(new MetricListModel(this))
{
    setObjectName(u"metricsBrowser"_s);
    setAccessibleName(tr("Metrics"));
    setMinimumWidth(280);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    auto* head = new QHBoxLayout;
    auto* title = new QLabel(tr("Metrics"), this);
    QFont font = title->font();
    font.setPixelSize(15);
    font.setWeight(QFont::Medium);
    title->setFont(font);
    auto* close = new QToolButton(this);
    close->setObjectName(u"metricsClose"_s);
    close->setAutoRaise(true);
    close->setIcon(themeIcon(u"close"_s));
    close->setToolTip(tr("Close"));
    close->setAccessibleName(tr("Close the metrics browser"));
    connect(close, &QToolButton::clicked, this, &MetricsBrowser::closed);
    head->addWidget(title, 1);
    head->addWidget(close);
    layout->addLayout(head);
    m_search = new QLineEdit(this);
    m_search->setObjectName(u"metricSearch"_s);
    m_search->setPlaceholderText(tr("Search metrics"));
    m_search->setAccessibleName(tr("Search metrics"));
    m_search->setClearButtonEnabled(true);
    m_search->installEventFilter(this);
    layout->addWidget(m_search);
    m_state = new QLabel(this);
    m_state->setObjectName(u"metricState"_s);
    m_state->setForegroundRole(QPalette::PlaceholderText);
    m_state->setWordWrap(true);
    layout->addWidget(m_state);
    auto* splitter = new QSplitter(Qt::Vertical, this);
    m_list = new QListView(splitter);
    m_list->setObjectName(u"metricList"_s);
    m_list->setAccessibleName(tr("Metrics"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new MetricDelegate(m_list));
    m_list->setUniformItemSizes(true);
    m_list->setDragEnabled(true);
    m_list->setDragDropMode(QAbstractItemView::DragOnly);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setMouseTracking(true);
    auto* details = new QWidget(splitter);
    auto* lower = new QVBoxLayout(details);
    lower->setContentsMargins(0, 8, 0, 0);
    const auto label = [&](const QString& name) {
        auto* made = new QLabel(details);
        made->setObjectName(name);
        made->setTextFormat(Qt::PlainText);
        made->setWordWrap(true);
        made->setTextInteractionFlags(Qt::TextSelectableByMouse);
        lower->addWidget(made);
        return made;
    };
    m_name = label(u"metricName"_s);
    m_help = label(u"metricHelp"_s);
    m_help->setForegroundRole(QPalette::PlaceholderText);
    m_query = label(u"metricQuery"_s);
    QFont fixed(u"monospace"_s);
    fixed.setStyleHint(QFont::Monospace);
    fixed.setPixelSize(12);
    m_query->setFont(fixed);
    m_label = new QComboBox(details);
    m_label->setObjectName(u"metricLabel"_s);
    m_label->setAccessibleName(tr("Label"));
    lower->addWidget(m_label);
    m_values = new QListWidget(details);
    m_values->setObjectName(u"metricValues"_s);
    m_values->setAccessibleName(tr("Values of the label"));
    m_values->setUniformItemSizes(true);
    lower->addWidget(m_values, 1);
    m_add = new QPushButton(themeIcon(u"plus"_s), tr("New &panel"), details);
    m_add->setObjectName(u"metricAdd"_s);
    m_add->setEnabled(false);
    lower->addWidget(m_add);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    layout->addWidget(splitter, 1);
    connect(m_search, &QLineEdit::textChanged, this, &MetricsBrowser::refill);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, &MetricsBrowser::showMetric);
    connect(m_list, &QListView::doubleClicked, this, [this] { Q_EMIT panelWanted(panelJson()); });
    connect(m_label, &QComboBox::activated, this, &MetricsBrowser::showValues);
    connect(m_values, &QListWidget::itemSelectionChanged, this, [this] {
        const Json panel = panelJson();
        m_query->setText(panel[u"targets"].at(0)[u"expr"].toString());
    });
    connect(m_add, &QPushButton::clicked, this, [this] { Q_EMIT panelWanted(panelJson()); });
}

QString MetricsBrowser::mimeType()
{
    return u"application/x-promdeck-panel"_s;
}

void MetricsBrowser::setCatalogue(MetricCatalogue* catalogue)
{
    if (m_catalogue)
        disconnect(m_catalogue, nullptr, this, nullptr);
    m_catalogue = catalogue;
    if (catalogue) {
        connect(catalogue, &MetricCatalogue::changed, this, &MetricsBrowser::refill);
        connect(catalogue, &MetricCatalogue::labelsChanged, this, [this] { showMetric(); });
        connect(catalogue, &QObject::destroyed, this, [this] { setCatalogue(nullptr); });
        if (!catalogue->isLoaded())
            catalogue->load();
    }
    refill();
}

void MetricsBrowser::refill()
{
    const QString before = currentMetric();
    m_model->set(m_catalogue, m_catalogue ? m_catalogue->find(m_search->text()) : std::vector<int>());
    int row = 0;
    for (int at = 0; at < m_model->rowCount(); ++at) {
        if (m_model->metric(at) == before)
            row = at;
    }
    const QLocale locale;
    if (!m_catalogue || !m_catalogue->isLoaded())
        m_state->setText(tr("Loading…"));
    else if (m_catalogue->error())
        m_state->setText(errorText(*m_catalogue->error()));
    else
        m_state->setText(tr("%1 of %2 metrics").arg(locale.toString(m_model->rowCount()), locale.toString(qlonglong(m_catalogue->metricNames().size()))));
    m_list->setCurrentIndex(m_model->index(row, 0));
    showMetric();
}

QString MetricsBrowser::currentMetric() const
{
    return m_model->metric(m_list->currentIndex().row());
}

QString MetricsBrowser::matchers() const
{
    const QListWidgetItem* value = m_values->currentItem();
    if (!value || !value->isSelected() || m_label->currentText().isEmpty())
        return {};
    QString escaped = value->text();
    escaped.replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s);
    return m_label->currentText() + u"=\""_s + escaped + u'"';
}

Json MetricsBrowser::panelJson() const
{
    const QString metric = currentMetric();
    if (!m_catalogue || metric.isEmpty())
        return {};
    return panelForMetric(m_catalogue->info(metric), m_catalogue->hasBuckets(metric), matchers());
}

void MetricsBrowser::showMetric()
{
    const QString metric = currentMetric();
    m_add->setEnabled(!metric.isEmpty());
    if (metric.isEmpty()) {
        m_name->clear();
        m_help->clear();
        m_query->clear();
        m_label->clear();
        m_values->clear();
        return;
    }
    const MetricInfo info = m_catalogue->info(metric);
    m_name->setText(info.type.isEmpty() ? metric : tr("%1 (%2)").arg(metric, info.type));
    m_help->setText(info.help);
    m_help->setVisible(!info.help.isEmpty());
    QStringList labels;
    for (const std::string& label : m_catalogue->labelNames(metric.toStdString()))
        labels << QString::fromStdString(label);
    const QString before = m_label->currentText();
    QStringList shown;
    for (int index = 0; index < m_label->count(); ++index)
        shown << m_label->itemText(index);
    if (labels != shown) {
        m_label->clear();
        m_label->addItems(labels);
        m_label->setCurrentIndex(std::max(0, int(labels.indexOf(before))));
    }
    m_label->setEnabled(!labels.isEmpty());
    showValues();
}

void MetricsBrowser::showValues()
{
    const QString metric = currentMetric();
    const QString label = m_label->currentText();
    QStringList values;
    if (m_catalogue && !metric.isEmpty() && !label.isEmpty()) {
        for (const std::string& value : m_catalogue->labelValues(metric.toStdString(), label.toStdString(), {}))
            values << QString::fromStdString(value);
    }
    QStringList shown;
    for (int row = 0; row < m_values->count(); ++row)
        shown << m_values->item(row)->text();
    if (values != shown) {
        m_values->clear();
        m_values->addItems(values);
    }
    const Json panel = panelJson();
    m_query->setText(panel[u"targets"].at(0)[u"expr"].toString());
}

void MetricsBrowser::focusSearch()
{
    m_search->setFocus();
    m_search->selectAll();
}

bool MetricsBrowser::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_search && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const int row = m_list->currentIndex().row();
        if (key->key() == Qt::Key_Down || key->key() == Qt::Key_Up) {
            m_list->setCurrentIndex(m_model->index(std::clamp(row + (key->key() == Qt::Key_Down ? 1 : -1), 0, std::max(0, m_model->rowCount() - 1)), 0));
            return true;
        }
        if ((key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) && !currentMetric().isEmpty()) {
            Q_EMIT panelWanted(panelJson());
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace Promdeck
