#include "models/frame/display.h"

using namespace Qt::StringLiterals;

// Names of fields and frames. Source of semantics: Grafana getFieldDisplayName, getFrameDisplayName.
namespace Promdeck {

namespace {

/// What the names of all fields of a panel have in common, found once.
struct Naming
{
    bool frameNamesDiffer = false;
    QString singleLabel; ///< the only label key of all fields; empty when there are none or several
};

Naming analyse(const Frames& frames)
{
    Naming naming;
    for (size_t at = 1; at < frames.size() && !naming.frameNamesDiffer; ++at)
        naming.frameNamesDiffer = frames[at].name != frames[at - 1].name;
    for (const Frame& frame : frames) {
        for (const Field& field : frame.fields) {
            for (const auto& [name, value] : field.labels) {
                if (naming.singleLabel.isEmpty()) {
                    naming.singleLabel = name;
                } else if (naming.singleLabel != name) {
                    naming.singleLabel.clear();
                    return naming;
                }
            }
        }
    }
    return naming;
}

/// "Name 2" for the second field of that name in its frame; the name itself when it is the only one.
QString numberedName(const Field& field, const Frame& frame)
{
    int count = 0;
    bool foundSelf = false;
    for (const Field& other : frame.fields) {
        if (&other == &field) {
            foundSelf = true;
            if (count > 0) {
                ++count;
                break;
            }
        } else if (other.name == field.name) {
            ++count;
            if (foundSelf)
                break;
        }
    }
    return count > 0 ? field.name + u' ' + QString::number(count) : field.name;
}

QString computeName(const Field& field, const Frame& frame, const Naming& naming)
{
    if (field.config.displayName && !field.config.displayName->isEmpty())
        return *field.config.displayName;
    if (field.config.displayNameFromDS && !field.config.displayNameFromDS->isEmpty())
        return *field.config.displayNameFromDS;
    if (field.type == FieldType::Time && field.labels.isEmpty() && !field.joined)
        return field.name.isEmpty() ? u"Time"_s : field.name;
    QStringList parts;
    const bool isValue = field.name == "Value"_L1;
    const bool withFrame = naming.frameNamesDiffer && !frame.name.isEmpty();
    if (withFrame)
        parts += frame.name;
    if (!field.name.isEmpty() && !isValue)
        parts += field.name;
    const QString labels = naming.singleLabel.isEmpty() ? formatLabels(field.labels)
                                                        : field.labels.value(naming.singleLabel);
    if (!labels.isEmpty())
        parts += labels;
    else if (!withFrame && isValue && !frame.name.isEmpty())
        parts += frame.name;
    QString name = parts.join(u' ');
    if (name.isEmpty())
        name = field.name.isEmpty() ? u"Value"_s : field.name;
    return name == field.name ? numberedName(field, frame) : name;
}

} // namespace

QString formatLabels(const Labels& labels)
{
    if (labels.isEmpty())
        return {};
    QString text = u"{"_s;
    for (const auto& [name, value] : labels) {
        if (text.size() > 1)
            text += u", "_s;
        text += name + u"=\""_s + value + u'"';
    }
    return text + u'}';
}

QString fieldDisplayName(const Field& field, const Frame& frame, const Frames& frames)
{
    return field.state.displayName.isEmpty() ? computeName(field, frame, analyse(frames)) : field.state.displayName;
}

void computeDisplayNames(Frames& frames)
{
    const Naming naming = analyse(frames);
    for (Frame& frame : frames) {
        for (Field& field : frame.fields) {
            if (field.state.displayName.isEmpty())
                field.state.displayName = computeName(field, frame, naming);
        }
    }
}

QString frameDisplayName(const Frame& frame, const Frames& frames, int index)
{
    if (!frame.name.isEmpty())
        return frame.name;
    const Field* labelled = nullptr;
    int count = 0;
    for (const Field& field : frame.fields) {
        if (!field.labels.isEmpty()) {
            labelled = &field;
            ++count;
        }
    }
    if (count == 1)
        return formatLabels(labelled->labels);
    if (index < 0) {
        QStringList names;
        for (const Field& field : frame.fields) {
            if (field.type != FieldType::Time)
                names += fieldDisplayName(field, frame, frames);
        }
        return names.join(u", "_s);
    }
    return u"Series ("_s + (frame.refId.isEmpty() ? QString::number(index) : frame.refId) + u')';
}

} // namespace Promdeck
