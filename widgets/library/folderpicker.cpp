#include "widgets/library/folderpicker.h"

#include "models/library/dashboardcatalogue.h"
#include "widgets/common/icons.h"
#include "widgets/common/prompt.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QDir>
#include <QLineEdit>
#include <QSet>
#include <QToolButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Promdeck {

FolderPicker::FolderPicker(DashboardCatalogue* catalogue, QWidget* parent) : QWidget(parent), m_catalogue(catalogue), m_box(new QComboBox(this))
{
    m_box->setObjectName(u"targetFolder"_s);
    m_box->setEditable(true);
    m_box->setInsertPolicy(QComboBox::NoInsert);
    m_box->setAccessibleName(tr("Folder for the dashboards"));
    m_box->lineEdit()->setPlaceholderText(tr("Folder for the files, for example /home/you/dashboards"));
    auto* browse = new QToolButton(this);
    browse->setObjectName(u"targetBrowse"_s);
    browse->setIcon(themeIcon(u"folder"_s));
    browse->setToolTip(tr("Choose a folder"));
    browse->setAccessibleName(tr("Choose a folder"));
    connect(browse, &QToolButton::clicked, this, [this] {
        Prompt::openFolder(this, tr("Folder for the dashboards"), [this](const QString& path) { setFolder(path); });
    });
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_box, 1);
    layout->addWidget(browse);
    setFocusProxy(m_box);
    connect(m_box, &QComboBox::currentTextChanged, this, &FolderPicker::changed);
    refresh();
}

void FolderPicker::refresh()
{
    const QString before = m_box->currentText();
    const QSignalBlocker blocker(m_box);
    m_box->clear();
    QStringList all = m_catalogue->folders();
    QSet<QString> below;
    for (const LibraryEntryPtr& entry : m_catalogue->index()->entries()) {
        if (!entry->isBuiltin() && !entry->folder.isEmpty())
            below.insert(entry->root + u'/' + entry->folder);
    }
    QStringList inner(below.begin(), below.end());
    inner.sort();
    m_box->addItems(all + inner);
    m_box->setCurrentText(before.isEmpty() ? all.value(0) : before);
}

QString FolderPicker::folder() const
{
    QString text = m_box->currentText().trimmed();
    if (text == u"~" || text.startsWith(u"~/"))
        text = QDir::homePath() + text.mid(1);
    return text.startsWith(u'/') ? QDir::cleanPath(text) : QString();
}

void FolderPicker::setFolder(const QString& folder)
{
    m_box->setCurrentText(folder);
}

} // namespace Promdeck
