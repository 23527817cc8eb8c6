#include "widgets/dashboard/variablebar.h"

#include "widgets/common/errortext.h"
#include "widgets/common/icons.h"
#include "widgets/common/plaintip.h"
#include "widgets/common/theme.h"
#include "widgets/dashboard/flowlayout.h"
#include "widgets/dashboard/variablepicker.h"

#include <QBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QSignalBlocker>
#include <QToolButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

namespace {

/// The colour that a switch is about.
QIcon swatch(const QColor& color, double dpr)
{
    constexpr int kSize = 12;
    QPixmap picture(QSize(kSize, kSize) * dpr);
    picture.setDevicePixelRatio(dpr);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawRoundedRect(QRectF(1, 1, kSize - 2, kSize - 2), 2, 2);
    painter.end();
    return QIcon(picture);
}

/// Layers that no dashboard defines have no names of their own.
QString layerTitle(const QString& name)
{
    return name == kOwnLayer ? VariableBar::tr("My annotations") : name == kAlertLayer ? VariableBar::tr("Alerts") : name;
}

} // namespace

VariableBar::VariableBar(QWidget* parent) : QWidget(parent), m_layout(new FlowLayout(this, 12))
{
    setObjectName(u"variableBar"_s);
    m_layout->setContentsMargins(8, 0, 8, 8);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void VariableBar::setLabelSource(LabelSource source)
{
    m_labels = std::move(source);
    m_names.clear(); // editors that know the old source go
}

void VariableBar::setVariables(const std::vector<VariableState>& variables, const std::vector<LinkSpec>& links)
{
    QStringList names;
    for (const VariableState& state : variables) {
        if (state.spec.hide != 2 && state.spec.type != u"constant")
            names << state.spec.name;
    }
    // Values change often, the set of variables only with the dashboard: keep the focus where it is.
    if (names != m_names || m_hasLinks != !links.empty())
        rebuild(variables, links);
    for (const VariableState& state : variables) {
        if (VariablePicker* picker = m_pickers.value(state.spec.name))
            picker->setState(state);
        if (QLineEdit* edit = m_edits.value(state.spec.name); edit && !edit->hasFocus())
            edit->setText(state.current.value(0));
        if (AdhocEditor* editor = m_filters.value(state.spec.name))
            editor->setFilters(state.filters);
    }
    m_layout->invalidate();
    updateGeometry();
    setVisible(!isEmptyBar());
}

void VariableBar::setAnnotations(const std::vector<AnnotationLayer>& layers)
{
    std::vector<AnnotationLayer> shown;
    std::copy_if(layers.begin(), layers.end(), std::back_inserter(shown), [](const AnnotationLayer& one) { return !one.hidden; });
    const bool same = std::equal(shown.begin(), shown.end(), m_switches.cbegin(), m_switches.cend(),
                                 [](const AnnotationLayer& layer, const QToolButton* button) { return button->objectName() == u"annotation:"_s + layer.name; });
    if (!same) {
        for (QToolButton* button : std::as_const(m_switches)) {
            m_layout->removeWidget(button);
            button->deleteLater();
        }
        m_switches.clear();
        for (const AnnotationLayer& layer : shown) {
            auto* button = new QToolButton(this);
            button->setObjectName(u"annotation:"_s + layer.name);
            button->setText(layerTitle(layer.name).replace(u'&', u"&&"_s));
            button->setCheckable(true);
            button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
            connect(button, &QToolButton::toggled, this,
                    [this, name = layer.name](bool on) { Q_EMIT annotationToggled(name, on); });
            m_layout->addWidget(button);
            m_switches << button;
            button->show();
        }
    }
    for (size_t i = 0; i < shown.size(); ++i)
        showLayer(m_switches[qsizetype(i)], shown[i]);
    m_layout->invalidate();
    updateGeometry();
    setVisible(!isEmptyBar());
}

void VariableBar::showLayer(QToolButton* button, const AnnotationLayer& layer)
{
    const QSignalBlocker quiet(button);
    button->setChecked(layer.enabled);
    const QColor color(layer.color.red, layer.color.green, layer.color.blue, layer.enabled ? 255 : 90);
    button->setIcon(layer.error ? themeIcon(u"warning"_s, IconRole::Error) : swatch(color, devicePixelRatioF()));
    const QString tip = layer.error ? errorText(*layer.error)
        : layer.enabled             ? tr("%n annotation(s) in this range", nullptr, layer.count)
                                    : tr("Show the annotations “%1”").arg(layerTitle(layer.name));
    button->setToolTip(plainTip(tip));
    button->setAccessibleName(tr("Annotations %1").arg(layerTitle(layer.name)));
    button->setAccessibleDescription(tip);
}

void VariableBar::rebuild(const std::vector<VariableState>& variables, const std::vector<LinkSpec>& links)
{
    m_switches.clear(); // made again by setAnnotations(), behind the variables
    while (QLayoutItem* item = m_layout->takeAt(0)) {
        if (item->widget())
            item->widget()->deleteLater();
        delete item;
    }
    m_pickers.clear();
    m_edits.clear();
    m_filters.clear();
    m_names.clear();
    for (const VariableState& state : variables) {
        if (state.spec.hide == 2 || state.spec.type == u"constant")
            continue;
        m_names << state.spec.name;
        QWidget* editor = makeEditor(state);
        m_layout->addWidget(editor);
        editor->show();
    }
    m_hasLinks = !links.empty();
    for (const LinkSpec& link : links) {
        auto* button = new QToolButton(this);
        button->setObjectName(u"link:"_s + link.title);
        button->setText(link.title.isEmpty() ? link.tags.join(u", "_s) : link.title);
        button->setIcon(themeIcon(link.type == u"dashboards" ? u"grid"_s : u"external"_s, IconRole::Secondary));
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setToolTip(plainTip(link.tooltip.isEmpty() ? link.url : link.tooltip));
        connect(button, &QToolButton::clicked, this, [this, link] { Q_EMIT linkChosen(link); });
        m_layout->addWidget(button);
        button->show();
    }
}

QWidget* VariableBar::makeEditor(const VariableState& state)
{
    const QString name = state.spec.name;
    auto* group = new QWidget(this);
    auto* layout = new QHBoxLayout(group);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    auto* label = new QLabel(state.spec.label.isEmpty() ? name : state.spec.label, group);
    label->setTextFormat(Qt::PlainText);
    label->setVisible(state.spec.hide == 0);
    layout->addWidget(label);
    if (state.spec.type == u"textbox") {
        auto* edit = new QLineEdit(group);
        edit->setObjectName(u"variable:"_s + name);
        edit->setMinimumWidth(120);
        edit->setAccessibleName(label->text());
        connect(edit, &QLineEdit::editingFinished, this, [this, edit, name] {
            if (edit->isModified()) {
                edit->setModified(false);
                Q_EMIT chosen(name, {edit->text()});
            }
        });
        label->setBuddy(edit);
        m_edits.insert(name, edit);
        layout->addWidget(edit);
    } else if (state.spec.type == u"adhoc") {
        auto* editor = new AdhocEditor(m_labels, group);
        editor->setObjectName(u"variable:"_s + name);
        connect(editor, &AdhocEditor::chosen, this,
                [this, name](const QStringList& values) { Q_EMIT chosen(name, values); });
        m_filters.insert(name, editor);
        layout->addWidget(editor);
    } else {
        auto* picker = new VariablePicker(group);
        picker->setObjectName(u"variable:"_s + name);
        connect(picker, &VariablePicker::chosen, this,
                [this, name](const QStringList& values) { Q_EMIT chosen(name, values); });
        label->setBuddy(picker);
        m_pickers.insert(name, picker);
        layout->addWidget(picker);
    }
    return group;
}

} // namespace Promdeck
