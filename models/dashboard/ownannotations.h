#pragma once

#include "models/core/result.h"

#include <QObject>
#include <QString>
#include <QStringList>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace Promdeck {

/// A note that the operator pinned to a moment or a span of a dashboard.
struct OwnAnnotation
{
    QString id;        ///< unique in its dashboard
    qint64 fromMs = 0; ///< since the epoch
    qint64 toMs = 0;   ///< equal to fromMs for a moment
    QString text;
    QStringList tags;
    int panelId = 0;   ///< shown in this panel only; 0 = in all
    bool operator==(const OwnAnnotation&) const = default;
};

/// Where they are kept: beside the dashboard's file ("NAME.promdeck-annotations", JSON), or in the user's data folder
/// for built-in dashboards and folders that cannot be written.
[[nodiscard]] QString ownAnnotationsPath(const QString& reference);
/// By time; a missing file has none. Reads a file. Errors: Io, Syntax, Schema.
[[nodiscard]] Result<std::vector<OwnAnnotation>> readOwnAnnotations(const QString& reference);
/// Puts one (replacing that with the same id) or takes one away, in whatever the file holds now: of several
/// programs none undoes what another added. Gives all that there are then. Errors: as reading; Io.
[[nodiscard]] Result<std::vector<OwnAnnotation>> putOwnAnnotation(const QString& reference, const OwnAnnotation& annotation);
[[nodiscard]] Result<std::vector<OwnAnnotation>> removeOwnAnnotation(const QString& reference, const QString& id);

/// The notes of one dashboard, shared by everything in this process that shows it. Changes show at once and are
/// written on a worker, one after the other. Lives on the thread of its users.
class AnnotationBook final : public QObject
{
    Q_OBJECT
public:
    /// The same object for the same dashboard while somebody holds it; it begins to read at once.
    [[nodiscard]] static std::shared_ptr<AnnotationBook> of(const QString& reference);
    explicit AnnotationBook(QString reference);

    [[nodiscard]] const std::vector<OwnAnnotation>& all() const { return m_all; }
    [[nodiscard]] std::optional<OwnAnnotation> find(const QString& id) const;
    void put(const OwnAnnotation& annotation);
    void remove(const QString& id);
    void reload(); ///< what others wrote
    /// Nothing is waiting to be written.
    [[nodiscard]] bool isSaved() const { return m_waiting.empty() && !m_busy; }
    [[nodiscard]] static QString newId();

Q_SIGNALS:
    void changed();
    void failed(const Promdeck::Error& error);

private:
    using Listed = Result<std::vector<OwnAnnotation>>;
    void enqueue(std::function<Listed()> work);
    void next();

    QString m_reference;
    std::vector<OwnAnnotation> m_all;
    std::deque<std::function<Listed()>> m_waiting;
    bool m_busy = false;
};

} // namespace Promdeck
