#pragma once

#include "models/core/secrets.h"
#include "models/stack/probe.h"
#include "models/stack/stackstore.h"

#include <QWidget>

class QLabel;
class QListWidget;

namespace Promdeck {

class StackForm;

/// The list of stacks and the editor of one. What a probe says appears beside the form while it is edited.
class StackPage final : public QWidget
{
    Q_OBJECT
public:
    StackPage(StackStore* store, std::shared_ptr<SecretStore> secrets, QWidget* parent = nullptr);
    void edit(const StackProfile& profile, bool isNew);
    /// Shows what is open now: its saved profile, or its address in the form of a new stack.
    void editCurrent(const StackProfile& profile);

Q_SIGNALS:
    void stackChosen(const Promdeck::StackProfile& profile);
    void closed();

private:
    QWidget* makeEditor();
    void fillList();
    void save();
    /// Puts the typed password where the profile says; done at once when none was typed.
    QCoro::Task<Status> keepSecret(SecretRef secret, QString typed);
    void store(const StackProfile& profile);
    void removeCurrent();
    void test();
    void say(const QString& text, bool isError);

    StackStore* m_store;
    std::shared_ptr<SecretStore> m_secrets;
    QString m_original;     ///< name in the store; empty = new
    quint64 m_turn = 0;
    QListWidget* m_list;
    StackForm* m_form;
    QLabel* m_state;
};

} // namespace Promdeck
