#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""SEMANTICS 11: what the tools print. Runs below iokit-run, against a host whose only driver is TestTree.

    tools.py FOLDER_OF_TOOLS [TEST...]

Prints TAP. Identifiers, counts and times, which differ from run to run, are replaced by N before a comparison.
"""
import os
import plistlib
import re
import subprocess
import sys

FOLDER = sys.argv[1]


def run(name, *arguments, environment=None, stdout=subprocess.PIPE):
    return subprocess.run([os.path.join(FOLDER, name), *arguments], stdout=stdout, stderr=subprocess.PIPE,
                          env=environment, encoding='utf-8', errors='surrogateescape', timeout=60)


def lines(name, *arguments):
    result = run(name, *arguments)
    assert result.returncode == 0, (result.returncode, result.stderr)
    assert result.stderr == '', result.stderr
    text = re.sub(r'id 0x[0-9a-f]+', 'id N', result.stdout)
    text = re.sub(r'busy 0 \(\d+ ms\)', 'busy 0', text)
    text = re.sub(r'retain \d+', 'retain N', text)
    return text.splitlines()


def ioreg(*arguments):
    return lines('ioreg', *arguments)


def equal(left, right):
    def text(value):
        return '\n'.join(map(str, value)) if isinstance(value, list) else repr(value)
    assert left == right, '\n--- is\n%s\n--- should be\n%s' % (text(left), text(right))


SERVICE = 'registered, matched, active, busy 0, retain N>'
MACHINE = '+-o IOPlatformExpertDevice  <class IOPlatformExpertDevice, id N, ' + SERVICE
ALPHA = '+-o alpha@0  <class TestTreeNub, id N, ' + SERVICE
BETA = '+-o beta@1  <class TestTreeNub, id N, ' + SERVICE

ALPHA_VALUES = [
    '"Array" = ("one",2,No)',
    '"Bytes" = <00010203ff>',
    '"Dictionary" = {"inner"="value"}',
    '"IOUserClientClass" = "TestTreeClient"',
    '"No" = No',
    '"Number" = 4660',
    '"Padded" = <706164000000>',
    '"Set" = ["member"]',
    '"String" = "a string"',
    '"Text" = <"one","two">',
    '"Yes" = Yes',
    '"model" = <"Test,Model">',
]

TESTS = {}


def test(function):
    TESTS[function.__name__[1:]] = function
    return function


def properties(output):
    """The lines between the braces without their columns, sorted."""
    begin = next(i for i, line in enumerate(output) if line.endswith('{'))
    end = next(i for i, line in enumerate(output) if line.endswith('}') and ' = ' not in line)
    return sorted(re.sub(r'^[| ]*', '', line) for line in output[begin + 1:end])


@test
def t11_1_options():
    result = run('ioreg', '-q')
    assert result.returncode == 1 and result.stdout == '' and result.stderr.startswith('usage: ioreg ')
    result = run('ioreg', '-c')
    assert result.returncode == 1 and result.stderr.startswith('usage: ioreg ')
    equal(ioreg('-s', '-S', '-d', '1'), ioreg('-d', '1'))


@test
def t11_2_defaults():
    output = ioreg()
    equal(output, ioreg('-p', 'IOService', '-w', '0'))
    assert any(line.endswith(ALPHA) for line in output)


@test
def t11_14_root_line():
    equal(ioreg()[0], '+-o Root  <class IORegistryEntry, id N, retain N>')
    first = run('ioreg').stdout.splitlines()[0]
    assert first.startswith('+-o Root  <class IORegistryEntry, id 0x100000100, retain '), first
    equal(ioreg('-p', 'IODeviceTree')[0], ioreg()[0])


@test
def t11_3_lines():
    output = ioreg()
    at = next(i for i, line in enumerate(output) if '+-o TestTree ' in line)
    column = output[at].index('+-o')
    equal(output[at][column:], '+-o TestTree  <class TestTree, id N, ' + SERVICE)
    equal(output[at + 1][column:], '  ' + ALPHA)
    equal(output[at + 2][column:], '  ' + BETA)
    for line in output:
        assert re.match(r'^(\| |  )*\+-o [^ ]+( [^ ]+)*  <class \w+, id N, .*>$', line), line


@test
def t11_3_siblings():
    equal([line for line in ioreg('-p', 'IODeviceTree') if 'TestTreeNub' in line],
          ['    ' + BETA, '      ' + ALPHA])


@test
def t11_4_states():
    for line in ioreg():
        is_entry = 'class IORegistryEntry' in line or 'class IORegistryPlane' in line
        assert is_entry != ('registered' in line), line
        assert is_entry != (', busy ' in line), line


@test
def t11_5_inheritance():
    output = ioreg('-i', '-r', '-n', 'alpha')
    assert 'class IORegistryEntry:IOService:TestTreeNub,' in output[0], output[0]


@test
def t11_6_properties_of_chosen_entries():
    output = ioreg('-r', '-n', 'alpha')
    equal(output[:2], [ALPHA, '    {'])
    equal(output[-3:], ['    }', '    ', ''])
    equal(properties(output), sorted(ALPHA_VALUES))
    for line in output[2:-3]:
        assert line.startswith('      "'), line


@test
def t11_6_columns_of_properties():
    output = ioreg('-p', 'IODeviceTree', '-r', '-n', 'beta', '-l')
    begin = output.index('  | {')
    assert output[0] == BETA and begin == 1, output[:3]
    end = output.index('  | }')
    equal(output[end + 1], '  | ')
    equal(output[end + 2], '  ' + ALPHA)
    equal(output[end + 3], '      {')


@test
def t11_6_all_properties():
    output = ioreg('-l')
    assert sum('+-o' in line for line in output) == sum(line.endswith('{') for line in output)


@test
def t11_7_values_in_hexadecimal():
    values = properties(ioreg('-r', '-n', 'alpha', '-x'))
    for value in ('"Number" = 0x1234', '"Array" = ("one",0x2,No)', '"Text" = <6f6e650074776f00>',
                  '"model" = <546573742c4d6f64656c00>'):
        assert value in values, (value, values)


@test
def t11_7_numbers_are_unsigned():
    assert '"Number64" = 18446744073709551615' in properties(ioreg('-r', '-n', 'beta'))


@test
def t11_8_width():
    wide = run('ioreg', '-l', '-w0').stdout.splitlines()
    for width in (1, 20, 80):
        cut = run('ioreg', '-l', '-w', str(width)).stdout.splitlines()
        equal(len(cut), len(wide))
        for short, whole in zip(cut, wide):
            if re.search('id 0x|retain|IOKitDiagnostics', whole):
                whole = None  # live counts change between two runs
            if whole is not None and len(whole) < width:
                equal(short, whole)
            elif whole is not None:
                equal(short, whole[:width - 1] + '$')
            else:
                assert len(short) <= width, short


@test
def t11_8_filters():
    def chosen(*arguments):
        return [line for line in ioreg('-r', *arguments) if line.startswith('+-o')]
    equal(chosen('-c', 'TestTreeNub'), [ALPHA, BETA])
    equal(chosen('-k', 'Text'), [ALPHA])
    equal(chosen('-n', 'beta'), [BETA])
    equal(chosen('-n', 'beta@1'), [BETA])
    equal(chosen('-n', 'beta@0'), [])
    equal(chosen('-n', 'bet'), [])
    equal(chosen('-c', 'TestTreeNub', '-k', 'BSD Name'), [BETA])
    equal(chosen('-c', 'TestTreeNub', '-k', 'BSD Name', '-n', 'alpha'), [])
    equal(chosen('-c', 'NoSuchClass'), [])
    equal(chosen(), [])
    # The class in the host counts, not IOClassNameOverride.
    equal(chosen('-c', 'OtherName'), [])
    equal(chosen('-y', '-c', 'TestTreeNub'), [ALPHA, BETA])


@test
def t11_8_user_classes():
    def chosen(*arguments):
        return [line.split('  <')[0] for line in ioreg('-r', *arguments) if line.startswith('+-o')]
    # delta says that its IOUserClasses are UserDelta and UserBase.
    equal(chosen('-c', 'UserBase'), ['+-o delta@2'])
    equal(chosen('-c', 'TestTreeUserNub'), [])
    equal(chosen('-y', '-c', 'UserBase'), [])
    equal(chosen('-y', '-c', 'TestTreeUserNub'), ['+-o delta@2'])


@test
def t11_9_filters_choose_properties():
    output = ioreg('-n', 'alpha')
    equal([line for line in output if '+-o' in line], ioreg())
    assert sum(line.endswith('{') for line in output) == 1


@test
def t11_9_roots_and_depth():
    equal([line for line in ioreg('-r', '-n', 'TestTree', '-d', '1') if '+-o' in line],
          ['+-o TestTree  <class TestTree, id N, ' + SERVICE])
    output = [line for line in ioreg('-r', '-c', 'TestTree') if '+-o' in line]
    equal(output[:3], ['+-o TestTree  <class TestTree, id N, ' + SERVICE, '  ' + ALPHA, '  ' + BETA])
    # Matches inside a drawn subtree are not repeated, those below its depth are found.
    equal([line.split('@')[0] for line in ioreg('-r', '-c', 'TestTreeNub', '-p', 'IODeviceTree') if '+-o' in line],
          ['+-o beta', '  +-o alpha'])
    equal([line.split('@')[0] for line in ioreg('-r', '-c', 'TestTreeNub', '-p', 'IODeviceTree', '-d', '1')
           if '+-o' in line], ['+-o beta', '+-o alpha'])
    equal(len(ioreg('-d', '1')), 1)


@test
def t11_9_ancestors():
    equal([line for line in ioreg('-r', '-t', '-n', 'alpha', '-p', 'IODeviceTree') if '+-o' in line],
          ['+-o Root  <class IORegistryEntry, id N, retain N>', '  ' + MACHINE, '    ' + BETA, '      ' + ALPHA])


@test
def t11_10_archive():
    result = run('ioreg', '-a', '-r', '-n', 'alpha')
    assert result.returncode == 0, result.stderr
    entries = plistlib.loads(result.stdout.encode())
    equal(len(entries), 1)
    alpha = entries[0]
    equal(alpha['IORegistryEntryName'], 'alpha')
    equal(alpha['IORegistryEntryLocation'], '0')
    equal(alpha['IOObjectClass'], 'TestTreeNub')
    equal(alpha['IOServiceBusyState'], 0)
    equal(alpha['IOServiceState'] & 7, 6)
    equal(alpha['String'], 'a string')
    equal(alpha['Number'], 4660)
    equal(alpha['Bytes'], b'\0\1\2\3\xff')
    equal(alpha['Array'], ['one', 2, False])
    equal(alpha['Dictionary'], {'inner': 'value'})
    equal(alpha['Set'], ['member'])
    assert alpha['Yes'] is True and alpha['No'] is False
    for key in ('IORegistryEntryID', 'IOObjectRetainCount', 'IOServiceBusyTime'):
        assert isinstance(alpha[key], int), key
    assert 'IOObjectInheritance' not in alpha and 'IORegistryEntryChildren' not in alpha


@test
def t11_10_archive_of_a_tree():
    tree = plistlib.loads(run('ioreg', '-a', '-i', '-p', 'IODeviceTree').stdout.encode())
    equal(tree['IORegistryEntryName'], 'Root')
    assert 'IOServiceState' not in tree and 'IORegistryEntryLocation' not in tree
    beta = tree['IORegistryEntryChildren'][0]['IORegistryEntryChildren'][0]
    equal(beta['IORegistryEntryName'], 'beta')
    equal(beta['IOObjectInheritance'], ['IORegistryEntry', 'IOService', 'TestTreeNub'])
    equal([child['IORegistryEntryName'] for child in beta['IORegistryEntryChildren']], ['alpha'])
    assert 'BSD Name' not in beta
    tree = plistlib.loads(run('ioreg', '-a', '-l', '-d', '3', '-p', 'IODeviceTree').stdout.encode())
    beta = tree['IORegistryEntryChildren'][0]['IORegistryEntryChildren'][0]
    equal(beta['BSD Name'], 'test0s1')
    assert 'IORegistryEntryChildren' not in beta
    tree = plistlib.loads(run('ioreg', '-a', '-r', '-t', '-n', 'alpha', '-p', 'IODeviceTree').stdout.encode())
    equal(tree[0]['IORegistryEntryName'], 'Root')
    equal(run('ioreg', '-a', '-r', '-n', 'no such name').stdout, '')


@test
def t11_11_formatted_data():
    output = ioreg('-f', '-r', '-n', 'beta', '-p', 'IOService')
    at = output.index('      "Long" = ')
    equal(output[at + 1], '        00000000:' + ''.join(' %02X' % i for i in range(32)) + ' ' + '.' * 32)
    equal(output[at + 2], '        00000020: 20 21 22 23' + '   ' * 28 + '  !"#')


@test
def t11_11_formatted_layouts():
    output = ioreg('-f', '-r', '-n', 'alpha', '-p', 'IOService')
    assert '      "Padded" = <"pad">' in output, output
    output = ioreg('-f', '-r', '-n', 'delta')
    at = output.index('      "assigned-addresses" = ')
    equal(output[at + 1:at + 5],
          ['        00: phys.hi: 82010810 phys.mid: 00000000 phys.lo: fe000000',
           '            size.hi: 00000000 size.lo: 00001000',
           '            bus: 1 dev: 1 func: 0 reg: 16',
           '            type: Mem flags: abs'])
    at = output.index('      "interrupts" = ')
    equal(output[at + 1], '        00: specifier: 00000011 (vector: 11) sense: 00000001 (level)')
    at = output.index('      "slot-names" = ')
    equal(output[at + 1:at + 3], ['        00: SLOT-A', '        02: SLOT-B'])


@test
def t11_12_walk_from_the_root():
    def names(node):
        return [node['IORegistryEntryName']] + [name for child in node.get('IORegistryEntryChildren', [])
                                                for name in names(child)]
    tree = plistlib.loads(run('ioreg', '-a').stdout.encode())
    drawn = [re.sub('@.*', '', re.search(r'\+-o (.*?)  <', line).group(1)) for line in ioreg()]
    equal(drawn[0], 'Root')
    equal(drawn, names(tree))
    assert drawn.index('TestTree') < drawn.index('alpha') < drawn.index('beta')  # in the order they were attached


@test
def t11_12_nesting_limit():
    result = run('ioreg', '-p', 'TestDeep')  # 80 levels
    equal(result.returncode, 0)
    drawn = result.stdout.splitlines()
    equal(len(drawn), 64)
    assert '+-o deep62  ' in drawn[-1], drawn[-1]
    equal(result.stderr, 'ioreg: error: the tree is deeper than 64 levels\n')


@test
def t11_13_usage():
    text = run('ioreg', '-?').stderr
    equal(text.splitlines()[0],
          'usage: ioreg [-abfilrtxy] [-c class] [-d depth] [-k key] [-n name] [-p plane] [-w width]')
    equal(len(text.splitlines()), 17)


@test
def t11_15_ioclasscount():
    everything = lines('ioclasscount')
    names = [line.split(' = ')[0] for line in everything]
    equal(names, sorted(names, key=str.lower))
    assert all(re.match(r'^\w+ = \d+$', line) for line in everything)
    equal(lines('ioclasscount', 'TestTree', 'TestTreeNub'), ['TestTree = 1, TestTreeNub = 2'])
    equal(lines('ioclasscount', 'NoSuchClass'), ['NoSuchClass = <no such class>'])


@test
def t11_16_without_a_host():
    environment = dict(os.environ, IOKIT_HOST='/no/such/socket')
    text = ': no host is running at /no/such/socket; start iokitd, or use iokit-run\n'
    for name, status in (('ioclasscount', 71), ('ioalloccount', 71), ('kextstat', 71), ('ioreg', 1)):
        result = run(name, environment=environment)
        equal((name, result.returncode, result.stdout, result.stderr), (name, status, '', name + text))


@test
def t11_17_ioalloccount():
    output = lines('ioalloccount')
    equal([line.split(' = ')[0].strip() for line in output],
          ['Instance allocation', 'Container allocation', 'IOMalloc allocation', 'Pageable allocation'])
    for line in output:
        match = re.match(r'^ {0,8}[\w ]+ = 0x([0-9a-f]{8,}) = +(\d+) K$', line)
        assert match and line.index(' = ') == 22, line
        equal(int(match.group(1), 16) // 1024, int(match.group(2)))


KEXTSTAT_HEADER = 'Index Refs Address            Size       Wired      Name (Version) UUID <Linked Against>'
TREE = 'org.openiokit.test.Tree'


def rows(*arguments):
    return lines('kextstat', '-l', *arguments)


@test
def t11_18_kextstat_header():
    equal(lines('kextstat')[0], KEXTSTAT_HEADER)
    equal(lines('kextstat', '-a')[0], KEXTSTAT_HEADER.replace('Name', 'Architecture       Name', 1))
    equal(rows(), lines('kextstat')[1:])
    equal(rows('-a'), lines('kextstat', '-a')[1:])


@test
def t11_19_kextstat_rows():
    row, = rows('-b', TREE)
    match = re.match(r'^(.{5}) (.{4}) (0x[0-9a-f]+ *) (0x[0-9a-f]+ *) (0x[0-9a-f]+ *) (.*)$', row)
    assert match, row
    tag, references, address, size, wired, rest = match.groups()
    equal(('%5d' % int(tag), '%4d' % int(references)), (tag, references))
    equal(('%-18s' % address.strip(), '%-10s' % size.strip(), '%-10s' % wired.strip()), (address, size, wired))
    assert re.match(r'^%s \(1\.2\.3\) (no UUID|[0-9A-F-]{36}) <\d+( \d+)*>$' % re.escape(TREE), rest), rest
    linked = [int(each) for each in re.search('<(.*)>', rest).group(1).split()]
    assert len(linked) > 1, row
    equal(linked, sorted(linked, reverse=True))
    # What is linked against are rows too; what links against nothing has no brackets.
    assert set(linked) <= {int(each[:5]) for each in rows()}
    assert any(not each.endswith('>') for each in rows())
    with_machine, = rows('-a', '-b', TREE)
    machine = re.match(r'^.{5} .{4} .{18} .{10} .{10} (x86_64|arm64) ', with_machine)
    assert machine, with_machine
    equal(with_machine.replace('%-18s ' % machine.group(1), '', 1), row)


@test
def t11_20_kextstat_order_and_choice():
    tags = [int(row[:5]) for row in rows()]
    equal(tags, sorted(tags))
    assert tags and 0 not in tags
    addresses = [int(row.split()[2], 16) for row in rows('-sort')]
    equal(addresses, sorted(addresses))
    equal(sorted(rows('-sort')), sorted(rows()))
    equal([row.split()[5] for row in rows('-b', TREE, '-b', 'com.apple.kpi.iokit')], ['com.apple.kpi.iokit', TREE])
    equal(rows('-b', 'org.openiokit.no.such'), [])
    assert any('com.apple.kpi' in row for row in rows())
    assert all('com.apple.kpi' not in row for row in rows('-k'))
    equal(len(rows('-k', '-b', 'com.apple.kpi.iokit')), 1)
    result = run('kextstat', '-h')
    equal((result.returncode, result.stderr), (0, ''))
    result = run('kextstat', 'extra')
    equal((result.returncode, result.stdout), (64, ''))
    assert 'usage: kextstat' in result.stderr
    equal(run('kextstat', environment=dict(os.environ, IOKIT_HOST='/no/such/socket')).returncode, 71)


def bundle(folder, name):
    return os.path.join(FOLDER, '..', 'tests', folder, name + '.kext')


@test
def tkextutil_checks():
    result = run('kextutil', '-n', '-e', bundle('TreeExtensions', 'TestTree'))
    equal((result.returncode, result.stderr), (0, ''))
    assert 'appears to be loadable' in result.stdout, result.stdout
    for name, reason in (('NoClass', 'lacks IOClass'), ('MissingLibrary', 'which is not there'),
                         ('NoExecutable', 'is missing'), ('Malformed', 'no property list')):
        result = run('kextutil', '-n', '-e', bundle('RefusedExtensions', name))
        equal((name, result.returncode, result.stdout), (name, 4, ''))
        equal(len(result.stderr.splitlines()), 1)
        assert name in result.stderr and reason in result.stderr, result.stderr
    result = run('kextutil', '-n', '-t', '-e', bundle('RefusedExtensions', 'NoClass'))
    assert result.returncode == 4 and 'Diagnostics for ' in result.stdout, result.stdout
    # A dependency is found by -r and by -d.
    folder = os.path.dirname(bundle('Extensions', 'TestDriver'))
    equal(run('kextutil', '-n', '-e', bundle('Extensions', 'TestDriver')).returncode, 4)
    equal(run('kextutil', '-n', '-e', '-r', folder, '-b', 'org.openiokit.test.Driver').returncode, 0)
    equal(run('kextutil', '-n', '-e', '-d', bundle('Extensions', 'TestLibrary'),
              bundle('Extensions', 'TestDriver')).returncode, 0)
    equal(run('kextutil', '-n', '/no/such.kext').returncode, 1)
    equal(run('kextutil').returncode, 64)


@test
def tkextload_and_kextunload():
    def loaded():
        return [line.split()[5] for line in lines('kextstat', '-l') if 'test.Library' in line or 'test.Driver' in line]
    library, driver = bundle('Extensions', 'TestLibrary'), bundle('Extensions', 'TestDriver')
    equal(loaded(), [])
    equal(lines('kextload', '-v', '-d', library, driver), [driver + ' loaded successfully (or already loaded).'])
    equal(loaded(), ['org.openiokit.test.Library', 'org.openiokit.test.Driver'])
    lines('kextload', '-b', 'org.openiokit.test.Driver')
    # What another depends on stays.
    result = run('kextunload', '-b', 'org.openiokit.test.Library')
    equal((result.returncode, result.stdout), (3, ''))
    assert 'in use' in result.stderr, result.stderr
    equal(lines('kextunload', '-v', driver), ['org.openiokit.test.Driver: unloaded.'])
    equal(lines('kextunload', '-b', 'org.openiokit.test.Library'), [])
    equal(loaded(), [])
    for option, name in (('-b', 'org.openiokit.no.such'), ('-c', 'NoSuchClass')):
        for more in ([], ['-v'], ['-p']):
            result = run('kextunload', *more, option, name)
            equal((result.returncode, result.stdout), (1, ''))
            assert name in result.stderr and 'not found' in result.stderr, result.stderr
    equal(run('kextunload', '-q', '-b', 'org.openiokit.no.such').stderr, '')
    equal(run('kextunload', '/no/such.kext').returncode, 1)
    result = run('kextload', '-b', 'org.openiokit.no.such')
    equal((result.returncode, result.stderr), (10, 'kextload: org.openiokit.no.such failed to load - not found\n'))
    equal(run('kextload', '-q', '/no/such.kext').stderr, '')
    result = run('kextload', '/no/such.kext')
    equal((result.returncode, result.stderr), (10, 'kextload: /no/such.kext: no such bundle\n'))
    result = run('kextload', bundle('RefusedExtensions', 'NoVersion'))
    equal((result.returncode, result.stdout), (10, ''))
    assert result.stderr.endswith("failed validation; see the host's log for the reason\n"), result.stderr
    equal(run('kextload').returncode, 64)
    equal(run('kextunload').returncode, 64)
    environment = dict(os.environ, IOKIT_HOST='/no/such/socket')
    result = run('kextload', driver, environment=environment)
    equal(result.returncode, 69)
    text = 'no host is running at /no/such/socket; start iokitd, or use iokit-run\n'
    assert result.stderr.endswith(text), result.stderr


@test
def thelp_and_version_of_every_tool():
    for name in ('ioreg', 'ioclasscount', 'ioalloccount', 'kextstat', 'kextload', 'kextunload', 'kextutil'):
        result = run(name, '--help')
        equal((name, result.returncode, result.stderr), (name, 0, ''))
        assert result.stdout.startswith('usage: ' + name), result.stdout
        result = run(name, '--version')
        equal((name, result.returncode, result.stderr), (name, 0, ''))
        assert re.match(r'^%s \(OpenIOKit\) \d+\.\d+\.\d+\n$' % name, result.stdout), result.stdout
        result = run(name, '--no-such-option')
        assert result.returncode in (1, 64) and result.stdout == '' and 'usage: ' + name in result.stderr, name


@test
def toutput_that_cannot_be_written():
    for name in ('ioreg', 'ioclasscount', 'ioalloccount', 'kextstat'):
        with open('/dev/full', 'w') as full:
            equal((name, run(name, stdout=full).returncode), (name, 74))


def main():
    chosen = sys.argv[2:] or list(TESTS)
    print('1..%d' % len(chosen))
    failed = 0
    for number, name in enumerate(chosen, 1):
        try:
            TESTS[name]()
            print('ok %d %s' % (number, name))
        except Exception as error:  # a failed assertion, or a tool that does not end
            failed += 1
            print('not ok %d %s' % (number, name))
            for line in ('%s: %s' % (type(error).__name__, error)).splitlines():
                print('# ' + line)
        sys.stdout.flush()
    return 1 if failed else 0


sys.exit(main())
